/** Workflow documents for stories. Builders with overrides. */
import type { JsonObject } from '../../shared/json.ts'

const email = (subject: string) => ({
  subject,
  mjml: '<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-text><mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ sender.postal_address }}</mj-text></mj-column></mj-section></mj-body></mjml>',
})

export function workflow(parts: {
  name?: string
  settings?: JsonObject
  triggers?: readonly JsonObject[]
  steps: readonly JsonObject[]
  emails?: readonly string[]
}): JsonObject {
  const keys = parts.emails ?? ['hello', 'offer']
  return {
    format: 'perennial.workflow/1',
    name: parts.name ?? 'Story',
    settings: parts.settings ?? {},
    triggers: parts.triggers ?? [
      { id: 't1', kind: 'event', event: 'Signed up', where: null },
      { id: 't2', kind: 'manual' },
    ],
    start: String(parts.steps[0]?.id ?? ''),
    steps: parts.steps,
    emails: Object.fromEntries(keys.map((key) => [key, email(`Subject of ${key}`)])),
  }
}

/** The document of DESIGN.md 7.3: hello, two days, three days for an order, an offer to the pro plan. */
export const welcome = (settings: JsonObject = {}): JsonObject =>
  workflow({
    name: 'Welcome',
    settings,
    steps: [
      { id: 'welcome', kind: 'send-email', title: 'Say hello', email: 'hello', next: 'pause' },
      { id: 'pause', kind: 'wait', for: 'P2D', next: 'bought' },
      {
        id: 'bought',
        kind: 'wait-until',
        paths: [{ id: 'yes', label: 'Ordered', when: { event: 'Order placed', within: 'since-entry' }, next: null }],
        timeout: { after: 'P3D', next: 'vip' },
      },
      {
        id: 'vip',
        kind: 'branch',
        paths: [
          { id: 'p1', label: 'Pro plan', when: { attribute: 'plan', is: 'equals', value: 'pro' }, next: 'offer' },
        ],
        otherwise: null,
      },
      { id: 'offer', kind: 'send-email', email: 'offer', next: null },
    ],
  })

/** Hello, a wait, an offer. */
export const twoMails = (settings: JsonObject = {}, wait = 'P30D'): JsonObject =>
  workflow({
    settings,
    steps: [
      { id: 'first', kind: 'send-email', email: 'hello', next: 'pause' },
      { id: 'pause', kind: 'wait', for: wait, next: 'second' },
      { id: 'second', kind: 'send-email', email: 'offer', next: null },
    ],
  })

/**
 * Every kind of step and trigger that writes or deals: people are split, tagged and untagged, wait for their tags, and start it anew by
 * the tag it gives them.
 */
export const dealt = (settings: JsonObject = {}, weights: readonly [number, number] = [50, 50]): JsonObject =>
  workflow({
    name: 'Dealt',
    settings,
    triggers: [
      { id: 't1', kind: 'contact-created' },
      { id: 't2', kind: 'tag-added', tag: 'again' },
      { id: 't3', kind: 'event', event: 'Signed up' },
      { id: 't4', kind: 'manual' },
    ],
    steps: [
      {
        id: 'deal',
        kind: 'split',
        arms: [
          { id: 'a', label: 'A', weight: weights[0], next: 'mark' },
          { id: 'b', label: 'B', weight: weights[1], next: 'hello' },
        ],
      },
      { id: 'hello', kind: 'send-email', email: 'hello', next: 'mark' },
      {
        id: 'mark',
        kind: 'update-contact',
        set: { plan: 'pro', cart: { entry: 'cartId' }, old: null },
        addTags: ['seen'],
        removeTags: ['again'],
        next: 'tagged',
      },
      {
        id: 'tagged',
        kind: 'wait-until',
        paths: [{ id: 'vip', label: 'VIP', when: { tag: 'vip' }, next: 'offer' }],
        timeout: { after: 'P3D', next: 'once-more' },
      },
      { id: 'offer', kind: 'send-email', email: 'offer', next: null },
      { id: 'once-more', kind: 'update-contact', addTags: ['again', 'vip'], next: null },
    ],
  })
