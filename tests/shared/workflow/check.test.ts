import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkWorkflow, placeOf } from '../../../shared/workflow/check.ts'
import { DEFAULT_SETTINGS, type DrawnStep, type WorkflowDocument } from '../../../shared/workflow/document.ts'
import { outsOf, stepKindOf } from '../../../shared/workflow/kinds.ts'
import { PROBLEM_CODES } from '../../../shared/workflow/problem.ts'
import { CONTEXT, check, found, goodDocument, junkDocument, MJML, workflow } from './support.ts'

const email = (id: string, next: string | null): DrawnStep => ({ id, kind: 'send-email', email: 'hello', next })
const wait = (id: string, next: string | null, rule: object = { for: 'P1D' }): DrawnStep => ({
  id,
  kind: 'wait',
  ...rule,
  next,
})
const until = (id: string, next: string | null, timeoutNext: string | null): DrawnStep => ({
  id,
  kind: 'wait-until',
  paths: [{ id: 'p', label: 'Clicked', when: { message: 'hello', did: 'clicked' }, next }],
  timeout: { after: 'P1D', next: timeoutNext },
})
const drawn = (...steps: DrawnStep[]) => workflow({ start: steps[0]?.id ?? null, steps })

test('a good workflow has no problem at all', () => {
  expect(check(workflow())).toEqual([])
})

describe('the whole', () => {
  test('an empty draft says what comes first', () => {
    expect(found(workflow({ triggers: [], start: null, steps: [] }))).toEqual(['no-trigger triggers', 'no-steps steps'])
  })
  test('no start, and a start that is gone', () => {
    expect(found(workflow({ start: null }))).toEqual(['no-start start'])
    expect(found(workflow({ start: 'gone' }))).toEqual(['unknown-step start'])
  })
  test('ids that come twice', () => {
    const doc = workflow({
      triggers: [
        { id: 't', kind: 'manual' },
        { id: 't', kind: 'manual' },
      ],
      steps: [email('a', null), email('a', null)],
    })
    expect(found(doc)).toEqual(['duplicate-step steps/1/id', 'duplicate-step triggers/1/id'])
  })
  test('a step nobody reaches, and a wait nothing follows, are warnings', () => {
    const doc = drawn(email('a', 'b'), wait('b', null), email('lost', null))
    expect(found(doc)).toEqual([])
    expect(found(doc, 'warning')).toEqual(['trailing-wait steps/1', 'unreachable steps/2'])
  })
  test('errors come before warnings', () => {
    const doc = workflow({ triggers: [], steps: [email('a', null), email('lost', null)] })
    expect(check(doc).map((problem) => problem.severity)).toEqual(['error', 'warning'])
  })
})

describe('circles', () => {
  test.each([
    ['two emails', drawn(email('a', 'b'), email('b', 'a')), 1],
    ['a step onto itself', drawn(email('a', 'a')), 1],
    ['a path that may be true at once', drawn(email('a', 'b'), until('b', 'a', null)), 1],
    ['a moment that may be past', drawn(email('a', 'b'), wait('b', 'a', { until: { at: '2026-12-24T09:00' } })), 1],
    ['two circles', drawn(email('a', 'a'), email('b', 'c'), email('c', 'b')), 2],
    ['a wait between', drawn(email('a', 'b'), wait('b', 'a')), 0],
    ['a timeout between', drawn(email('a', 'b'), until('b', null, 'a')), 0],
    ['a diamond', drawn(until('a', 'b', 'c'), email('b', 'd'), email('c', 'd'), email('d', null)), 0],
  ])('%s', (_name, doc, circles) => {
    expect(found(doc).filter((problem) => problem.startsWith('loop-without-wait'))).toHaveLength(circles)
  })

  test('2,000 steps in a row are checked without running out of stack', () => {
    const steps = Array.from({ length: 2_000 }, (_, index) =>
      email(`s${index}`, index < 1_999 ? `s${index + 1}` : 's0'),
    )
    expect(check(drawn(...steps)).map((problem) => problem.code)).toEqual(['loop-without-wait'])
  })
})

describe('emails', () => {
  const mail = (content: object, overrides: Partial<WorkflowDocument> = {}) =>
    workflow({ emails: { hello: { subject: 'Hello', mjml: MJML, ...content } }, ...overrides })

  test.each([
    ['no subject', { subject: ' ' }, ['no-subject emails/hello/subject']],
    ['nothing in it', { mjml: '' }, ['bad-mjml emails/hello/mjml']],
    ['no way out', { mjml: '<mjml></mjml>' }, ['no-unsubscribe emails/hello/mjml']],
    [
      'a way out only in a comment',
      { mjml: '<mjml><!-- {{ unsubscribe_url }} --></mjml>' },
      ['no-unsubscribe emails/hello/mjml'],
    ],
    ['Liquid that does not parse', { subject: '{{ contact.' }, ['bad-liquid emails/hello/subject']],
    ['a filter that does not exist', { preheader: '{{ contact.a | shout }}' }, ['bad-liquid emails/hello/preheader']],
    ['a tag left open', { mjml: `${MJML}{% if x %}` }, ['bad-liquid emails/hello/mjml']],
    [
      'a language without a subject',
      { locales: { vi: { subject: '', mjml: MJML } } },
      ['no-subject emails/hello/locales/vi/subject'],
    ],
  ])('%s', (_name, content, problems) => {
    expect(found(mail(content))).toEqual(problems)
  })

  test('transactional mail needs no way out', () => {
    const settings = { ...DEFAULT_SETTINGS, messageClass: 'transactional' as const }
    expect(found(mail({ mjml: '<mjml></mjml>' }, { settings }))).toEqual([])
  })
  test('an email nobody sends stops nothing', () => {
    const { emails } = mail({})
    expect(check(workflow({ emails: { ...emails, old: { subject: '', mjml: '{{' } } }))).toEqual([])
  })
  test('an email two steps send is judged once', () => {
    expect(found(mail({ subject: '' }, { steps: [email('a', 'b'), email('b', null)] }))).toHaveLength(1)
  })
  test('a megabyte made to keep us busy is refused at once', () => {
    expect(found(mail({ mjml: '{{ a | default: "x" }}'.repeat(45_000) }))).toEqual(['bad-liquid emails/hello/mjml'])
    expect(found(mail({ mjml: '<!--'.repeat(250_000) }))).toEqual(['no-unsubscribe emails/hello/mjml'])
  }, 2_000)
  test('variables without a fallback are listed, the address is never missing', () => {
    const subject =
      '{{ contact.first_name }} {{ contact.email }} {{ event.total }} {{ contact.plan | default: "free" }}'
    const [problem] = check(mail({ subject }))
    expect(problem).toMatchObject({
      code: 'variable-without-fallback',
      severity: 'warning',
      stepId: 'a',
      params: { variables: 'contact.first_name, event.total', count: 2 },
    })
  })
  test('a link to example.com is a reminder', () => {
    const mjml = MJML.replace('<a', '<a href="https://www.example.com/start">x</a><a')
    expect(found(mail({ mjml }), 'warning')).toEqual(['example-link emails/hello/mjml'])
  })
})

describe('who sends', () => {
  const codes = (doc: WorkflowDocument, sender: { email: string; postalAddress: string } | null) =>
    checkWorkflow(doc, { ...CONTEXT, sender }).map((problem) => `${problem.code} ${problem.params?.context}`)
  const transactional = workflow({ settings: { ...DEFAULT_SETTINGS, messageClass: 'transactional' } })

  test('marketing mail needs a sender and a postal address', () => {
    expect(codes(workflow(), null)).toEqual(['no-sender both'])
    expect(codes(workflow(), { email: '', postalAddress: 'x' })).toEqual(['no-sender email'])
    expect(codes(workflow(), { email: 'a@b.example', postalAddress: ' ' })).toEqual(['no-sender postal'])
  })
  test('transactional mail needs a sender only', () => {
    expect(codes(transactional, { email: 'a@b.example', postalAddress: '' })).toEqual([])
    expect(codes(transactional, { email: '', postalAddress: 'x' })).toEqual(['no-sender email'])
  })
  test('a workflow without mail needs neither', () => {
    expect(codes(drawn({ id: 'x', kind: 'exit' }), null)).toEqual([])
  })
})

describe('settings', () => {
  test.each([
    ['messageClass', 'spam', ['bad-settings settings/messageClass']],
    ['timezone', 'Mars/Olympus', ['bad-timezone settings/timezone']],
    ['timezone', null, ['bad-timezone settings/timezone']],
    ['timezone', 'Asia/Ho_Chi_Minh', []],
    ['reentry', 'often', ['bad-settings settings/reentry']],
    ['reentry', { every: 'P30D' }, []],
    ['reentry', { every: '-P1D' }, ['bad-duration settings/reentry/every']],
    ['concurrency', { perKey: '' }, ['bad-settings settings/concurrency']],
    ['concurrency', { perKey: 'cartId' }, []],
    ['audience', { tag: 'vip' }, []],
    ['audience', { planet: 'mars' }, ['bad-condition settings/audience']],
    ['exitWhen', { attribute: 'seats', is: 'equals', value: 'many' }, ['wrong-type settings/exitWhen/value']],
    ['exitWhen', { message: 'gone', did: 'clicked' }, ['unknown-email settings/exitWhen/message']],
    ['goal', 5, ['bad-settings settings/goal']],
    ['goal', { when: { tag: 'x' }, within: 'P5D' }, []],
    ['goal', { when: null }, ['bad-condition settings/goal/when']],
    ['maxLateness', '', ['bad-duration settings/maxLateness']],
  ])('%s: %j', (field, value, problems) => {
    const settings = { ...DEFAULT_SETTINGS, [field]: value } as WorkflowDocument['settings']
    expect(found(workflow({ settings }))).toEqual(problems)
  })
})

describe('any draft', () => {
  test('is answered with problems of known codes, never with a crash', () => {
    const known: readonly string[] = PROBLEM_CODES
    fc.assert(
      fc.property(junkDocument, (doc) => {
        for (const problem of checkWorkflow(doc, CONTEXT)) {
          expect(known).toContain(problem.code)
          expect(problem.message.length).toBeGreaterThan(5)
          placeOf(problem, doc)
        }
      }),
      { numRuns: 500 },
    )
  })
  test('has ways out that can be drawn and connected', () => {
    fc.assert(
      fc.property(junkDocument, (doc) => {
        for (const step of doc.steps) {
          for (const { port } of outsOf(step)) {
            const led = stepKindOf(step.kind)?.connect(step, port, 'a') ?? step
            expect(outsOf(led).find((out) => out.port === port)?.next).toBe('a')
          }
        }
      }),
    )
  })
  test('made of good steps is good', () => {
    fc.assert(
      fc.property(goodDocument, (doc) => {
        expect(found(doc)).toEqual([])
      }),
    )
  })
})

describe('a problem leads to its place', () => {
  const doc = workflow({ triggers: [{ id: 't9', kind: 'event' }] })
  test.each([
    [
      { path: 'steps/0/next', stepId: 'a' },
      { kind: 'step', id: 'a' },
    ],
    [
      { path: 'triggers/0/event', stepId: null },
      { kind: 'trigger', id: 't9' },
    ],
    [
      { path: 'emails/hello/mjml', stepId: 'a' },
      { kind: 'email', key: 'hello', stepId: 'a' },
    ],
    [{ path: 'settings/goal', stepId: null }, { kind: 'settings' }],
    [{ path: 'start', stepId: null }, { kind: 'workflow' }],
  ])('%j', (problem, place) => {
    expect(placeOf(problem, doc)).toEqual(place)
  })
})
