/** Values between the compiled email and the bytes on the wire. */
import type { JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'

/** One email of one version, after MJML: Liquid is still inside. Links stand as numbered placeholders `https://link.invalid/<n>`. */
export type CompiledEmail = {
  subject: string
  preheader: string
  html: string
  text: string
  /** Index = link number; null where the URL contains Liquid (its template is then in the placeholder's query). */
  links: readonly (string | null)[]
}

/** What Liquid sees. `now` is our clock; dates are shown in the contact's zone. */
export type RenderContext = {
  contact: JsonObject
  event: JsonObject
  workflow: { name: string }
  sender: { name: string; email: string; postal_address: string }
  unsubscribeUrl: string
  now: Instant
  timezone: string
  locale: string
}

export type Rendered =
  | {
      kind: 'ready'
      subject: string
      preheader: string
      html: string
      text: string
      /** URLs that contained Liquid, rendered, by link number. */
      links: readonly { no: number; url: string }[]
    }
  /** A variable without fallback has no value, or a template broke at render: this one mail is not sent. */
  | { kind: 'skip'; reason: 'missing-variable' | 'render-error' | 'render-limit'; detail: string }
