/** From a compiled email and one contact to the mail that contact gets. Pure; no link is tracked yet (links.ts puts them in place). */
import { LiquidError } from 'liquidjs'
import { numberRenderedLinks, unsafeRenderedUrl } from './links.ts'
import {
  type Clock,
  describe,
  emitTemplate,
  type LiteralEmitter,
  MissingVariable,
  OUTPUT_LIMIT_BYTES,
  OutputTooLong,
  type ParsedTemplate,
  parseTemplate,
  renderTemplate,
  type Scope,
} from './liquid.ts'
import type { CompiledEmail, RenderContext, Rendered } from './types.ts'

export { checkLiquid, variablesOf } from './liquid.ts'

/** A compiled email whose Liquid is parsed; keep it, one mail after the other is rendered from it. */
export type PreparedEmail = {
  subject: ParsedTemplate
  preheader: ParsedTemplate
  html: ParsedTemplate
  text: ParsedTemplate
  links: readonly (string | null)[]
}

/** @throws LiquidError when a template does not parse: publish checks that, so it is a bug or an old row */
export function prepare(email: CompiledEmail): PreparedEmail {
  return {
    subject: parseTemplate(email.subject, 'text'),
    preheader: parseTemplate(email.preheader, 'text'),
    html: parseTemplate(email.html, 'html'),
    text: parseTemplate(email.text, 'text'),
    links: email.links,
  }
}

/** Never throws for what a template or a contact may contain: that is a `skip` with its reason. */
export function render(prepared: PreparedEmail, context: RenderContext): Rendered {
  const { scope, clock } = scopeOf(context)
  try {
    const subject = oneLine(renderTemplate(prepared.subject, scope, clock))
    const preheader = oneLine(renderTemplate(prepared.preheader, scope, clock))
    const html = renderTemplate(prepared.html, scope, clock)
    const text = renderTemplate(prepared.text, scope, clock)
    const unsafe = unsafeRenderedUrl(html)
    if (unsafe !== null) return unsafeLink(unsafe)
    return { kind: 'ready', subject, preheader, ...numberRenderedLinks(html, text, prepared.links.length) }
  } catch (error) {
    return skipFor(error)
  }
}

/** As `render`, but both bodies go to emitters of the caller, HTML first, who looks after the links himself. */
export function renderInto(
  prepared: PreparedEmail,
  context: RenderContext,
  emitters: { html: LiteralEmitter; text: LiteralEmitter },
): { kind: 'ready'; subject: string } | Skipped {
  const { scope, clock } = scopeOf(context)
  try {
    const subject = oneLine(renderTemplate(prepared.subject, scope, clock))
    renderTemplate(prepared.preheader, scope, clock)
    emitTemplate(prepared.html, scope, clock, emitters.html)
    emitTemplate(prepared.text, scope, clock, emitters.text)
    return { kind: 'ready', subject }
  } catch (error) {
    return skipFor(error)
  }
}

/** A mail with a link of another kind than web, mail or telephone must not leave. */
export function unsafeLink(url: string): Skipped {
  const found = JSON.stringify(url.slice(0, 200))
  return { kind: 'skip', reason: 'render-error', detail: `a link became ${found}; expected a web address` }
}

type Skipped = Extract<Rendered, { kind: 'skip' }>

function scopeOf(context: RenderContext): { scope: Scope; clock: Clock } {
  const scope = {
    contact: context.contact,
    event: context.event,
    workflow: context.workflow,
    sender: context.sender,
    unsubscribe_url: context.unsubscribeUrl,
    locale: context.locale,
  }
  return { scope, clock: { now: context.now, timezone: context.timezone } }
}

function skipFor(error: unknown): Skipped {
  const cause = LiquidError.is(error) ? (error.originalError ?? error) : error
  if (cause instanceof MissingVariable) return { kind: 'skip', reason: 'missing-variable', detail: cause.variable }
  const detail = describe(error)
  if (cause instanceof OutputTooLong) {
    return { kind: 'skip', reason: 'render-limit', detail: `the mail is longer than ${OUTPUT_LIMIT_BYTES} characters` }
  }
  if (/limit exceeded/.test(detail)) return { kind: 'skip', reason: 'render-limit', detail }
  return { kind: 'skip', reason: 'render-error', detail }
}

/** No line break, of whatever kind, survives in a header. */
function oneLine(text: string): string {
  // Nothing to do for most subjects, and the look is ten times cheaper than the work.
  if (/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text)) return text
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
