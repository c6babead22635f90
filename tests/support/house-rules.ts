/** The rules of the house as data and pure checks: DESIGN.md section 3, STYLE.md section 4. */
import { type Files, findCycle, importsOf, resolveImport, withoutComments } from './source-files.ts'

type Rule = {
  room: string
  /** Path prefixes it may import besides itself. */
  may: readonly string[]
  /** Prefixes of which only types may be imported. */
  typesOf?: readonly string[]
  /** Packages it may import; absent: any. */
  packages?: readonly string[]
}

/** Types every server room shares: the commands' contract and the configuration. They hold no behaviour. */
const SERVER_CONTRACTS = ['server/commands/contract.ts', 'server/config.ts']
const PLAIN_SHARED = ['shared/ids.ts', 'shared/json.ts', 'shared/errors.ts', 'shared/assert-never.ts']
const EDGE = ['shared/', 'server/db/', 'server/commands/', 'server/auth/']
const DRAWING = ['shared/', 'web/editor/', 'web/ui/']

/** The longest matching room decides. */
const RULES: readonly Rule[] = [
  { room: 'shared/', may: [], packages: ['zod', 'liquidjs'] },
  {
    room: 'shared/engine/',
    may: ['shared/workflow/plan.ts', 'shared/condition/', 'shared/time/', 'shared/contact/', ...PLAIN_SHARED],
    typesOf: ['shared/workflow/document.ts'],
    packages: [],
  },
  { room: 'server/db/', may: ['shared/'], typesOf: SERVER_CONTRACTS },
  { room: 'server/engine/', may: ['shared/', 'server/db/'], typesOf: SERVER_CONTRACTS },
  { room: 'server/outbox/', may: ['shared/', 'server/db/', 'server/mail/'], typesOf: SERVER_CONTRACTS },
  { room: 'server/mail/', may: ['shared/'], typesOf: SERVER_CONTRACTS },
  { room: 'server/insights/', may: ['shared/', 'server/db/'], typesOf: SERVER_CONTRACTS },
  { room: 'server/commands/', may: ['shared/', 'server/db/', 'server/engine/'], typesOf: SERVER_CONTRACTS },
  { room: 'server/tracking/', may: EDGE, typesOf: SERVER_CONTRACTS },
  { room: 'server/ingest/', may: EDGE, typesOf: SERVER_CONTRACTS },
  { room: 'server/routes/', may: EDGE, typesOf: SERVER_CONTRACTS },
  { room: 'server/auth/', may: ['shared/', 'server/db/', 'server/commands/'], typesOf: SERVER_CONTRACTS },
  { room: 'server/ops/', may: ['shared/', 'server/db/', 'server/commands/'], typesOf: SERVER_CONTRACTS },
  { room: 'server/cli/', may: ['shared/'] },
  { room: 'server/config.ts', may: ['shared/', 'server/ops/smtp-url.ts'], typesOf: SERVER_CONTRACTS },
  {
    room: 'server/app.ts',
    may: [...EDGE, 'server/routes/', 'server/tracking/', 'server/ingest/', 'server/ops/'],
    typesOf: SERVER_CONTRACTS,
  },
  // Where things are wired: the recipe and the entry files of the worker threads.
  { room: 'server/main.ts', may: ['shared/', 'server/'] },
  { room: 'server/threads/', may: ['shared/', 'server/'] },
  { room: 'web/main.tsx', may: ['shared/', 'web/'] },
  { room: 'web/canvas/', may: DRAWING },
  { room: 'web/panels/', may: DRAWING },
  { room: 'web/email/', may: DRAWING },
  { room: 'web/ui/', may: [] },
  { room: 'web/api/', may: ['shared/'], typesOf: ['server/app.ts'] },
  { room: 'web/editor/', may: ['shared/', 'web/api/'], typesOf: ['server/app.ts'] },
  { room: 'web/app/', may: ['shared/', 'web/'] },
  { room: 'web/pages/', may: ['shared/', 'web/'] },
]

const isSource = (path: string) => /^(shared|server|web)\/.*\.tsx?$/.test(path)
const isCode = (path: string) => /\.(ts|tsx|mjs|js)$/.test(path)

/** Every import that the table of rooms does not allow, as a sentence each. */
export function importViolations(files: Files): string[] {
  return [...files].flatMap(([path, source]) =>
    isSource(path) ? importsOf(path, source).flatMap((it) => violationOf(files, path, it) ?? []) : [],
  )
}

function violationOf(files: Files, path: string, { specifier, typeOnly }: { specifier: string; typeOnly: boolean }) {
  const rule = ruleOf(path)
  if (rule === null) return `${path} is in no room of DESIGN.md`
  const target = resolveImport(path, specifier)
  if (target === null) {
    const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]
    const isAllowed = rule.packages?.includes(name ?? '') ?? true
    return isAllowed ? null : `${path} imports the package ${specifier}`
  }
  if (!files.has(target)) return `${path} imports ${specifier}, which is not there (extensions are written out)`
  const allowed = (prefixes: readonly string[]) => prefixes.some((prefix) => target.startsWith(prefix))
  if (allowed([rule.room, ...rule.may]) || (typeOnly && allowed(rule.typesOf ?? []))) return null
  return `${path} imports ${target}`
}

function ruleOf(path: string): Rule | null {
  const fitting = RULES.filter(({ room }) => path.startsWith(room))
  return fitting.sort((a, b) => b.room.length - a.room.length)[0] ?? null
}

/** A circle of imports, types included, as one line, or null. */
export function circularImport(files: Files): string | null {
  const graph = new Map<string, string[]>()
  for (const [path, source] of files) {
    if (!isCode(path)) continue
    const targets = importsOf(path, source).flatMap(({ specifier }) => resolveImport(path, specifier) ?? [])
    graph.set(path, targets)
  }
  return findCycle(graph)?.join(' -> ') ?? null
}

const isShared = (path: string) => path.startsWith('shared/')
const isProduct = (path: string) => isSource(path)
const anyCode = (path: string) => isCode(path)
const isPlainModule = (path: string) => isSource(path)

/** What must not stand in code; comments are not read unless `inComments`. */
const FORBIDDEN: readonly { what: string; pattern: RegExp; where: (path: string) => boolean; inComments?: true }[] = [
  { what: 'the clock', pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/, where: isShared },
  { what: 'randomness', pattern: /\bMath\.random\b|\bcrypto\b/, where: isShared },
  { what: 'Intl', pattern: /\bIntl\./, where: (path) => isShared(path) && !path.startsWith('shared/time/') },
  { what: 'timers or input', pattern: /\bset(Timeout|Interval)\b|\bfetch\(|\bprocess\./, where: isShared },
  { what: 'an untyped value', pattern: /(:|\bas|<|\|)\s*any\b(?!\s*:)/, where: isProduct },
  { what: 'an enum', pattern: /^\s*(export\s+)?(const\s+)?enum\s/m, where: isProduct },
  { what: 'a default export', pattern: /^export default\b/m, where: isPlainModule },
  { what: 'export *', pattern: /^export \* /m, where: isProduct },
  {
    what: 'an empty catch',
    pattern: /catch\s*(\([^)]*\)\s*)?\{\s*\}|\.catch\(\(\)\s*=>\s*(\{\s*\}|undefined|null)\)/,
    where: anyCode,
  },
  { what: 'a test left alone or left out', pattern: /\b(test|it|describe)\.(only|todo)\(/, where: anyCode },
  {
    what: 'a silenced check',
    // Others need a reason, which the linter asks for itself.
    pattern:
      /@ts-(ignore|expect-error|nocheck)|biome-ignore(-all|-start| lint\/\w+\/(noExplicitAny|noNonNullAssertion|noEnum))/,
    where: isProduct,
    inComments: true,
  },
]

export function forbiddenWords(files: Files): string[] {
  return [...files].flatMap(([path, source]) => {
    const code = withoutComments(source)
    return FORBIDDEN.flatMap(({ what, pattern, where, inComments }) => {
      if (!where(path)) return []
      const found = pattern.exec(inComments ? source : code)
      return found === null ? [] : [`${path}:${lineAt(source, found.index)} has ${what}: ${found[0].trim()}`]
    })
  })
}
const lineAt = (source: string, index: number) => source.slice(0, index).split('\n').length

const MACHINE_FOLDERS = ['work', 'farm', 'root', 'tmp', 'home', 'Users'].join('|')
const MACHINE_PATH = new RegExp(`(^|[^a-z.\\w])/(${MACHINE_FOLDERS})/[\\w.]`)
const REGISTRY = /registry\.npmjs|npm\.pkg\.github|deb\.debian/

/** Paths of one machine and hosts of package registries, in any tracked text. */
export function machineTraces(files: Files): string[] {
  return [...files].flatMap(([path, source]) =>
    source.split('\n').flatMap((line, index) => {
      const found = MACHINE_PATH.exec(line) ?? REGISTRY.exec(line)
      return found === null ? [] : [`${path}:${index + 1}: ${found[0].trim()}`]
    }),
  )
}

/** Tables of words, and declarations with nothing to run: all commands, all tables of the database. */
const DATA = [/^shared\/locales\//, /^server\/commands\/contract\.ts$/, /^server\/db\/schema\.ts$/]
const ceilingOf = (path: string) => (path.startsWith('tests/') ? 400 : 300)

export function overCeiling(files: Files): string[] {
  return [...files].flatMap(([path, source]) => {
    const lines = source.split('\n').length - 1
    const counts = isCode(path) && !DATA.some((pattern) => pattern.test(path))
    return counts && lines > ceilingOf(path) ? [`${path} has ${lines} lines, ceiling ${ceilingOf(path)}`] : []
  })
}

const TOP_FOLDERS = ['.ci', 'docs', 'scripts', 'server', 'shared', 'tests', 'web']
const SERVER_ROOMS = RULES.flatMap(({ room }) => /^server\/([\w-]+)\/$/.exec(room)?.[1] ?? [])
const WEB_ROOMS = RULES.flatMap(({ room }) => /^web\/([\w-]+)\/$/.exec(room)?.[1] ?? [])
const VAGUE = /\/((utils?|common|helpers?|misc)\/|(utils?|helpers?|misc|index)\.tsx?$)/
const KEBAB = /^[a-z0-9]+([-.][a-z0-9]+)*$/

/** Folders nobody agreed on, names that say nothing, names that are not kebab-case. */
export function misplaced(files: Files): string[] {
  return [...files.keys()].flatMap((path) => {
    const [top = '', room = '', ...rest] = path.split('/')
    if (path.includes('/') && !TOP_FOLDERS.includes(top)) return [`${path}: no such folder at the top`]
    if (top === 'server' && rest.length > 0 && !SERVER_ROOMS.includes(room)) return [`${path}: no room ${room}`]
    if (top === 'web' && rest.length > 0 && ![...WEB_ROOMS, 'public'].includes(room))
      return [`${path}: no room ${room}`]
    if (!isCode(path)) return []
    if (VAGUE.test(path)) return [`${path}: a name that says nothing`]
    const names = path.split('/').filter((name) => !name.startsWith('.'))
    return names.every((name) => KEBAB.test(name)) ? [] : [`${path}: not kebab-case`]
  })
}
