/** Reads the project's own files for the house test: what git tracks or would track, and what each source imports. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Path from the project's root to text. */
export type Files = ReadonlyMap<string, string>
export type Import = { specifier: string; typeOnly: boolean }

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|db)$/

/** Every file that is tracked, or new and not ignored. Needs git, as a clone has it. */
export function projectFiles(): Files {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 16_000_000,
  })
  const paths = listed.split('\0').filter((path) => path !== '' && existsSync(ROOT + path))
  return new Map(paths.map((path) => [path, BINARY.test(path) ? '' : readFileSync(ROOT + path, 'utf8')]))
}

/** The same text with comments blanked out, line numbers kept. Strings stay. */
export function withoutComments(source: string): string {
  // One alternation, first come first served: a quote inside a comment or a slash inside a string cannot mislead it.
  const token = /\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
  return source.replace(token, (text) => (text.startsWith('/') ? text.replace(/[^\n]/g, ' ') : text))
}

// The formatter puts each statement at the start of a line and quotes with ', so names, braces and commas are all there can be.
const FROM = /^(?:import|export)\s+(type\s+)?[\w$*{}\s,]+?\sfrom\s+'([^']+)'/gm
const BARE = /^import\s+'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*,?\s*\)/g

/**
 * What a source imports or re-exports, types and dynamic imports included.
 *
 * @throws RangeError when a line begins like an import that this reader does not understand: better no answer than a silent gap
 */
export function importsOf(path: string, source: string): Import[] {
  const text = withoutComments(source)
  const from = [...text.matchAll(FROM)].map((m) => ({ specifier: m[2] ?? '', typeOnly: m[1] !== undefined }))
  const bare = [...text.matchAll(BARE)].map((m) => ({ specifier: m[1] ?? '', typeOnly: false }))
  const dynamic = [...text.matchAll(DYNAMIC)].map((m) => ({ specifier: m[1] ?? '', typeOnly: false }))
  const begun = [...text.matchAll(/^(?:import\b(?!\(|\.)|export\s+(?:type\s+)?(?:\*|\{[^}]*\}\s*from))/gm)].length
  if (begun !== from.length + bare.length)
    throw new RangeError(`${path} has ${begun} imports, of which ${from.length + bare.length} were understood`)
  return [...from, ...bare, ...dynamic]
}

/** The project path a relative specifier means, or null for a package. */
export function resolveImport(from: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : null
}

/** One circle of imports, as the paths on it, or null. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (path: string): string[] | null => {
    if (done.has(path)) return null
    const at = trail.indexOf(path)
    if (at >= 0) return [...trail.slice(at), path]
    trail.push(path)
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next)
      if (cycle !== null) return cycle
    }
    trail.pop()
    done.add(path)
    return null
  }
  for (const path of graph.keys()) {
    const cycle = visit(path)
    if (cycle !== null) return cycle
  }
  return null
}
