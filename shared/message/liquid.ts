/**
 * Our Liquid: no files, no machine clock, limits on time and memory, and the rule for missing values. An output that begins at
 * `contact.` or `event.` without `default` and yields nothing stops the mail; it is checked on the parsed output node, so it counts only
 * where it is really rendered.
 */
import {
  Context,
  type Emitter,
  Liquid,
  LiquidError,
  Output,
  type Template,
  TokenKind,
  TypeGuards,
  toValueSync,
  Value,
} from 'liquidjs'
import type { Instant } from '../time/instant.ts'
import { registerDates, setClock } from './liquid-dates.ts'
import { quickOutput } from './quick-output.ts'

export const RENDER_LIMIT_MS = 1_000
/** Characters and array elements that filters may allocate. */
const MEMORY_LIMIT = 10_000_000
export const OUTPUT_LIMIT_BYTES = 1_000_000
const PARSE_LIMIT = 2_000_000

const FILE_TAGS = ['render', 'include', 'layout', 'block']

export class MissingVariable extends Error {
  override readonly name = 'missing-variable'
  readonly variable: string
  constructor(variable: string) {
    super(`${variable} has no value and no default`)
    this.variable = variable
  }
}
export class OutputTooLong extends Error {
  override readonly name = 'output-too-long'
}

const html = createLiquid(true)
const plain = createLiquid(false)

function createLiquid(isHtml: boolean): Liquid {
  const liquid = new Liquid({
    ...(isHtml ? { outputEscape: 'escape' as const } : {}),
    cache: false,
    strictFilters: true,
    strictVariables: false,
    lenientIf: true,
    ownPropertyOnly: true,
    locale: 'en-US',
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    relativeReference: false,
    templates: {}, // no file system
  })
  for (const tag of FILE_TAGS) delete liquid.tags[tag]
  registerDates(liquid)
  return liquid
}

/** A template parsed once and rendered often. `literals`: its texts between the Liquid, which are the same for everybody. */
export type ParsedTemplate = { templates: Template[]; isHtml: boolean; literals: readonly string[] }

/** Takes a literal by its number in `literals`, to put out what it made of it beforehand; all else comes through `write`. */
export type LiteralEmitter = Emitter & { literal(no: number): void }

/** @throws LiquidError naming line and column when the text does not parse */
export function parseTemplate(text: string, format: 'html' | 'text'): ParsedTemplate {
  const isHtml = format === 'html'
  const templates = (isHtml ? html : plain).parse(text)
  const literals: string[] = []
  for (const template of everyTemplate(templates)) {
    prepareOutput(template)
    numberLiteral(template, literals)
  }
  return { templates, isHtml, literals }
}

export type Scope = Readonly<Record<string, unknown>>
export type Clock = { now: Instant; timezone: string }

/** @throws LiquidError; MissingVariable and OutputTooLong are its `originalError` */
export function renderTemplate(parsed: ParsedTemplate, scope: Scope, clock: Clock): string {
  const emitter = new LimitedEmitter()
  emitTemplate(parsed, scope, clock, emitter)
  return emitter.buffer
}

/** Render into `emitter`. Throws as `renderTemplate` does, and what the emitter throws. */
export function emitTemplate(parsed: ParsedTemplate, scope: Scope, clock: Clock, emitter: Emitter): void {
  const liquid = parsed.isHtml ? html : plain
  const globals = {}
  setClock(globals, clock)
  const context = new Context({ ...scope }, liquid.options, { sync: true, globals }, { liquid })
  toValueSync(liquid.renderer.renderTemplates(parsed.templates, context, emitter))
}

/** What is wrong with a Liquid text, or null. */
export function checkLiquid(text: string): string | null {
  try {
    plain.parse(text)
    return null
  } catch (error) {
    return describe(error)
  }
}

/** Variables that are put out, in order of appearance, once each; `hasDefault` only if every output of it has one. */
export function variablesOf(text: string): { name: string; hasDefault: boolean }[] {
  const found = new Map<string, boolean>()
  for (const template of everyTemplate(plain.parse(text))) {
    const value = outputValue(template)
    const name = value === null ? null : variableName(value)
    if (value === null || name === null) continue
    found.set(name, (found.get(name) ?? true) && hasDefault(value))
  }
  return [...found].map(([name, hasDefaultValue]) => ({ name, hasDefault: hasDefaultValue }))
}

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return (LiquidError.is(error) ? error.message : `${error.name}: ${error.message}`).split('\n')[0] ?? error.name
}

function* everyTemplate(templates: Iterable<Template>): Generator<Template> {
  for (const template of templates) {
    yield template
    if (template.children !== undefined) yield* everyTemplate(toValueSync(template.children(false, true)) as Template[])
  }
}

/** The value that `{{ … }}` or `{% echo … %}` puts out. */
function outputValue(template: Template): Value | null {
  if (template instanceof Output) return template.value
  const isEcho = 'name' in template && template.name === 'echo' && 'value' in template
  return isEcho && template.value instanceof Value ? template.value : null
}

function variableName(value: Value): string | null {
  const [first] = value.initial.postfix
  // `variable` is set only where a literal is read from, as in `"text".size`.
  if (first === undefined || !TypeGuards.isPropertyAccessToken(first) || first.variable !== undefined) return null
  return first.getText()
}

const hasDefault = (value: Value): boolean => value.filters.some((filter) => filter.name === 'default')

function prepareOutput(template: Template): void {
  const quick = template instanceof Output ? quickOutput(template) : null
  const missing = guardedName(template)
  if (quick !== null) {
    template.render = (context: Context, emitter: Emitter) => {
      const output = quick(context)
      if (missing !== null) refuseNothing(output, missing)
      emitter.write(output)
    }
  } else if (missing !== null) {
    const render = template.render.bind(template)
    template.render = (context: Context, emitter: Emitter) =>
      render(context, {
        buffer: '',
        write(output: unknown) {
          refuseNothing(output, missing)
          emitter.write(output)
        },
      })
  }
}

/** The name of a variable that must not be without a value here; null: it may be, or this is no output. */
function guardedName(template: Template): string | null {
  const value = outputValue(template)
  const name = value === null ? null : variableName(value)
  if (value === null || name === null || hasDefault(value) || !/^(contact|event)\s*[.[]/.test(name)) return null
  return name
}

function refuseNothing(output: unknown, name: string): void {
  if (output === null || output === undefined || output === '') throw new MissingVariable(name)
}

/** A text between the Liquid tells its number to whoever takes numbers; `capture` and the like get the text. */
function numberLiteral(template: Template, literals: string[]): void {
  if (template.token.kind !== TokenKind.HTML || !('str' in template) || typeof template.str !== 'string') return
  const text = template.str
  const no = literals.push(text) - 1
  template.render = (_context: Context, emitter: Emitter) => {
    if (isLiteralEmitter(emitter)) emitter.literal(no)
    else emitter.write(text)
  }
}

const isLiteralEmitter = (emitter: Emitter): emitter is LiteralEmitter => 'literal' in emitter

class LimitedEmitter implements Emitter {
  buffer = ''
  write(output: unknown): void {
    this.buffer += asText(output)
    if (this.buffer.length > OUTPUT_LIMIT_BYTES) throw new OutputTooLong(`more than ${OUTPUT_LIMIT_BYTES} characters`)
  }
}

/** As Liquid prints values: nothing for nil, arrays run together. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(asText).join('')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
