/** Documents for the tests of the workflow language: small, complete, and changed by overrides. */
import fc from 'fast-check'
import type { CheckContext } from '../../../shared/workflow/check.ts'
import { checkWorkflow } from '../../../shared/workflow/check.ts'
import { diffDocuments } from '../../../shared/workflow/diff.ts'
import { DEFAULT_SETTINGS, type DrawnStep, type WorkflowDocument } from '../../../shared/workflow/document.ts'
import type { Problem } from '../../../shared/workflow/problem.ts'

export const CONTEXT: CheckContext = {
  attributes: { plan: 'text', seats: 'number', renewal_on: 'date' },
  sender: { email: 'hello@shop.example', postalAddress: '12 Elm Lane, Utrecht' },
}

export const MJML =
  '<mjml><mj-body><mj-section><mj-column><mj-text>Hello <a href="{{ unsubscribe_url }}">stop</a></mj-text></mj-column></mj-section></mj-body></mjml>'

/** A workflow without a single problem; the step `a` sends the email `hello`. */
export function workflow(overrides: Partial<WorkflowDocument> = {}): WorkflowDocument {
  return {
    format: 'perennial.workflow/1',
    name: 'Welcome',
    settings: DEFAULT_SETTINGS,
    triggers: [{ id: 't1', kind: 'manual' }],
    start: 'a',
    steps: [{ id: 'a', kind: 'send-email', email: 'hello', next: null }],
    emails: { hello: { subject: 'Hello', mjml: MJML } },
    layout: {},
    notes: [],
    ...overrides,
  }
}

/** A workflow whose step under test, `x`, stands between two emails. */
export const around = (step: Record<string, unknown>): WorkflowDocument =>
  workflow({
    start: 'x',
    steps: [{ id: 'x', ...step } as DrawnStep, { id: 'a', kind: 'send-email', email: 'hello', next: null }],
  })

export const check = (doc: WorkflowDocument): Problem[] => checkWorkflow(doc, CONTEXT)

/** Problems as `code path`, errors only unless asked. */
export const found = (doc: WorkflowDocument, severity: Problem['severity'] = 'error'): string[] =>
  check(doc)
    .filter((problem) => problem.severity === severity)
    .map(({ code, path }) => `${code} ${path}`)

/** What JSON from a program or a hostile client may put into a field. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    null,
    undefined,
    '',
    'constructor',
    '__proto__',
    -1,
    Number.NaN,
    'P2D',
    'PT0S',
    [],
    {},
    [null],
    [{ id: 'p1' }],
    [{ id: 'p1' }, { id: 'p1' }],
    { at: 5 },
    { time: null },
    { attribute: 'plan' },
    { after: 'P1D' },
    { all: [] },
    { not: { not: null } },
    { event: {}, where: [] },
  ),
)

const FIELDS = [
  ...['email', 'next', 'for', 'until', 'paths', 'timeout', 'otherwise', 'reason', 'event', 'where', 'extra'],
  ...['arms', 'set', 'addTags', 'removeTags'],
]
const KINDS = [
  'send-email',
  'wait',
  'wait-until',
  'branch',
  'exit',
  'split',
  'update-contact',
  'webhook',
  'constructor',
]

export const junkStep = (id: fc.Arbitrary<string>): fc.Arbitrary<DrawnStep> =>
  fc
    .tuple(id, fc.constantFrom(...KINDS), fc.dictionary(fc.constantFrom(...FIELDS), junk))
    .map(([stepId, kind, fields]) => ({ ...fields, id: stepId, kind }))

/** Any draft that the outer shape lets through. */
export const junkDocument: fc.Arbitrary<WorkflowDocument> = fc
  .record({
    steps: fc.array(junkStep(fc.constantFrom('a', 'b', 'c', 'd')), { maxLength: 6 }),
    triggers: fc.array(
      fc.record({
        id: fc.constantFrom('t1', 't2'),
        kind: fc.constantFrom('event', 'manual', 'contact-created', 'tag-added', 'never'),
        event: junk,
        tag: junk,
        where: junk,
      }),
      { maxLength: 3 },
    ),
    start: fc.constantFrom(null, 'a', 'b', 'gone'),
    settings: fc.dictionary(fc.constantFrom(...Object.keys(DEFAULT_SETTINGS)), junk),
  })
  .map(({ settings, ...rest }) =>
    workflow({ ...rest, settings: { ...DEFAULT_SETTINGS, ...settings } as WorkflowDocument['settings'] }),
  )

/** A good document of any form: emails, waits, forks; arrows lead forward only, so nothing goes in circles. */
export const goodDocument: fc.Arbitrary<WorkflowDocument> = fc
  .array(
    fc.record({ kind: fc.constantFrom(0, 1, 2, 3, 4, 5, 6), far: fc.array(fc.nat(5), { minLength: 2, maxLength: 2 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((drawn) => {
    const idAt = (index: number) => (index < drawn.length ? `s${index}` : null)
    const steps = drawn.map(({ kind, far }, index): DrawnStep => {
      const id = `s${index}`
      const [first, second] = far.map((by) => idAt(index + 1 + by))
      const next = first ?? null
      const paths = [{ id: 'p', label: 'Pro', when: { attribute: 'plan', is: 'equals', value: 'pro' }, next }]
      if (kind === 0) return { id, kind: 'send-email', email: 'hello', next }
      if (kind === 1) return { id, kind: 'wait', for: 'P2D', next }
      if (kind === 2) return { id, kind: 'branch', paths, otherwise: second ?? null }
      if (kind === 3) return { id, kind: 'wait-until', paths, timeout: { after: 'P3D', next: second ?? null } }
      if (kind === 4)
        return { id, kind: 'update-contact', set: { plan: 'pro' }, addTags: ['seen'], removeTags: [], next }
      if (kind === 5) {
        const arms = [next, second ?? null].map((to, arm) => ({ id: `a${arm}`, label: '', weight: arm + 1, next: to }))
        return { id, kind: 'split', arms }
      }
      return { id, kind: 'exit', reason: 'done' }
    })
    return workflow({ steps, start: 's0' })
  })

/** Numbers for the steps of a document that has no history. */
export const numbersOf = (doc: WorkflowDocument): Record<string, number> =>
  Object.fromEntries(doc.steps.map((step, index) => [step.id, index + 1]))

/** Do both documents do the same, wherever they are drawn? */
export const isSameMeaning = (before: WorkflowDocument, after: WorkflowDocument): boolean =>
  diffDocuments(before, after).length === 0 && before.start === after.start
