import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileWorkflow } from '../../../shared/workflow/compile.ts'
import { DEFAULT_SETTINGS, parseDocument, type WorkflowDocument } from '../../../shared/workflow/document.ts'
import type { Plan } from '../../../shared/workflow/plan.ts'
import { toStepNo } from '../../../shared/workflow/step-no.ts'
import { CONTEXT, goodDocument, junkDocument, MJML, numbersOf, workflow } from './support.ts'

function planOf(doc: WorkflowDocument): Plan {
  const compiled = compileWorkflow(doc, { ...CONTEXT, numbers: numbersOf(doc) })
  if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join('\n'))
  return compiled.plan
}

/** The example of the contract, as it is written there. */
const EXAMPLE = {
  format: 'perennial.workflow/1',
  name: 'Welcome',
  settings: { ...DEFAULT_SETTINGS, reentry: { every: 'P30D' }, exitWhen: { tag: 'customer' } },
  triggers: [{ id: 't1', kind: 'event', event: 'Signed up', where: null }],
  start: 'welcome',
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
      paths: [{ id: 'p1', label: 'Pro plan', when: { attribute: 'plan', is: 'equals', value: 'pro' }, next: 'offer' }],
      otherwise: null,
    },
    { id: 'offer', kind: 'send-email', email: 'offer', next: null },
  ],
  emails: { hello: { subject: 'Welcome', mjml: MJML }, offer: { subject: 'An offer', mjml: MJML } },
}

describe('the plan', () => {
  const plan = planOf(parseDocument(EXAMPLE))
  test('carries steps by number', () => {
    expect(plan.start).toBe(1)
    expect(plan.steps).toMatchObject([
      { no: 1, id: 'welcome', title: 'Say hello', kind: 'send-email', email: 'hello', next: 2 },
      { no: 2, kind: 'wait', rule: { kind: 'for', duration: { months: 0, days: 2, ms: 0 } }, next: 3 },
      { no: 3, kind: 'wait-until', paths: [{ id: 'yes', next: null }], timeout: { after: { days: 3 }, next: 4 } },
      { no: 4, kind: 'branch', paths: [{ id: 'p1', label: 'Pro plan', next: 5 }], otherwise: null },
      { no: 5, kind: 'send-email', email: 'offer', next: null },
    ])
  })
  test('carries settings as the engine reads them', () => {
    expect(plan.settings).toMatchObject({ timezone: null, reentryEvery: { days: 30 }, maxLateness: { days: 2 } })
  })
  test('knows what it depends on', () => {
    expect(plan.dependencies).toMatchObject({ events: ['Order placed'], attributes: ['plan'], tags: ['customer'] })
    expect(plan.exitDependencies).toMatchObject({ events: [], tags: ['customer'] })
  })
})

test('with an error there is no plan', () => {
  const doc = workflow({ triggers: [] })
  expect(compileWorkflow(doc, { ...CONTEXT, numbers: {} })).toMatchObject({
    ok: false,
    problems: [{ code: 'no-trigger' }],
  })
})

test('a step without a number is a bug of the caller', () => {
  expect(() => compileWorkflow(workflow(), { ...CONTEXT, numbers: {} })).toThrow(RangeError)
})

describe('numbers', () => {
  test('are whole and not negative', () => {
    expect(toStepNo(7)).toBe(7)
    for (const no of [-1, 1.5, Number.NaN]) expect(() => toStepNo(no)).toThrow(RangeError)
  })
  test('also belong to a step called __proto__', () => {
    const doc = workflow({ start: '__proto__', steps: [{ id: '__proto__', kind: 'exit' }] })
    expect(planOf(doc).start).toBe(1)
  })
})

describe('always', () => {
  test('a plan is the same after a round trip through JSON, and so is the document it came from', () => {
    fc.assert(
      fc.property(goodDocument, (doc) => {
        const plan = planOf(doc)
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
        expect(planOf(parseDocument(JSON.parse(JSON.stringify(doc))))).toEqual(plan)
      }),
    )
  })
  test('every arrow of a plan leads to one of its steps', () => {
    fc.assert(
      fc.property(goodDocument, (doc) => {
        const { steps, start } = planOf(doc)
        const known = new Set<number | null>([null, ...steps.map((step) => step.no)])
        const arrows = steps.flatMap((step) => {
          if (step.kind === 'exit') return []
          if (step.kind === 'split') return step.arms.map((arm) => arm.next)
          if (step.kind === 'branch') return [step.otherwise, ...step.paths.map((path) => path.next)]
          if (step.kind === 'wait-until') return [step.timeout.next, ...step.paths.map((path) => path.next)]
          return [step.next]
        })
        expect([start, ...arrows].every((no) => known.has(no))).toBe(true)
      }),
    )
  })
  test('a draft of junk compiles or is refused, but never throws', () => {
    fc.assert(
      fc.property(junkDocument, (doc) => {
        compileWorkflow(doc, { ...CONTEXT, numbers: numbersOf(doc) })
      }),
      { numRuns: 300 },
    )
  })
})
