/** One mail as one contact would get it, to be looked at: a variable without a value shows its own name instead of stopping the mail. */
import type { JsonObject } from '../json.ts'
import { HIDDEN_LINK, linkTargets, placeLinks, placePixel } from './links.ts'
import { prepare, render } from './render.ts'
import type { CompiledEmail, RenderContext } from './types.ts'

export type Shown =
  | { kind: 'shown'; subject: string; preheader: string; html: string; text: string; missing: string[] }
  | { kind: 'failed'; detail: string }

/** How many missing variables are named before giving up. */
const MOST_MISSING = 50

/** Render it; where a variable has no value, show its name in its place and go on, so that the page can still be looked at. */
export function showEmail(email: CompiledEmail, context: RenderContext): Shown {
  const missing: string[] = []
  let filled = context
  const prepared = prepare(email)
  for (;;) {
    const rendered = render(prepared, filled)
    if (rendered.kind === 'ready') {
      const { subject, preheader } = rendered
      const target = linkTargets(email.links, rendered.links)
      // What only machines follow or fetch is taken out: here people look.
      const seen = placePixel(rendered.html.replace(HIDDEN_LINK, ''), null)
      const html = placeLinks(seen, 'html', target)
      return { kind: 'shown', subject, preheader, html, text: placeLinks(rendered.text, 'text', target), missing }
    }
    const { reason, detail } = rendered
    if (reason !== 'missing-variable' || missing.includes(detail) || missing.length >= MOST_MISSING)
      return { kind: 'failed', detail }
    missing.push(detail)
    filled = withValue(filled, detail)
  }
}

/** The context with `contact.a.b` (or `event.a`) present, showing its own name. */
function withValue(context: RenderContext, variable: string): RenderContext {
  const [root, ...path] = variable.split('.')
  const put = (at: JsonObject, keys: readonly string[]): JsonObject => {
    const [key, ...rest] = keys
    if (key === undefined) return at
    const inner = Object.hasOwn(at, key) ? at[key] : undefined
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    return { ...at, [key]: rest.length === 0 ? `[${variable}]` : put(isObject ? (inner as JsonObject) : {}, rest) }
  }
  if (root === 'contact') return { ...context, contact: put(context.contact, path) }
  if (root === 'event') return { ...context, event: put(context.event, path) }
  return context
}
