import { describe, expect, test } from 'vitest'
import { stepKinds, triggerKinds } from '../../../shared/workflow/kinds.ts'
import { toStepNo } from '../../../shared/workflow/step-no.ts'
import { around, check, found, workflow } from './support.ts'

const PRO = { attribute: 'plan', is: 'equals', value: 'pro' }
const path = (overrides = {}) => ({ id: 'p1', label: 'Pro', when: PRO, next: 'a', ...overrides })
const untilPro = (overrides = {}) => ({
  kind: 'wait-until',
  paths: [path()],
  timeout: { after: 'P3D', next: 'a' },
  ...overrides,
})

describe('a step that is complete has no error', () => {
  test.each([
    ['send-email', { kind: 'send-email', email: 'hello', next: 'a' }],
    ['send-email without next, which ends', { kind: 'send-email', email: 'hello' }],
    ['wait for two days', { kind: 'wait', for: 'P2D', next: 'a' }],
    ['wait for two seconds', { kind: 'wait', for: 'PT2S', next: 'a' }],
    ['wait for a duration, until emptied', { kind: 'wait', for: 'P2D', until: null, next: 'a' }],
    ['wait until a moment', { kind: 'wait', until: { at: '2026-12-24T09:00:00' }, next: 'a' }],
    ['wait until 29 February', { kind: 'wait', until: { at: '2028-02-29T09:00' }, next: 'a' }],
    ['wait until nine', { kind: 'wait', until: { time: '09:00' }, next: 'a' }],
    [
      'wait until nine on workdays',
      { kind: 'wait', until: { time: '09:00', days: ['mon', 'fri'], after: 'P2D' }, next: 'a' },
    ],
    [
      'wait until before a date',
      { kind: 'wait', until: { attribute: 'renewal_on', offset: '-P7D', ifPast: 'exit' }, next: 'a' },
    ],
    [
      'wait until the very date',
      { kind: 'wait', until: { attribute: 'renewal_on', offset: 'P0D', ifPast: 'continue' }, next: 'a' },
    ],
    ['wait-until', untilPro()],
    ['branch', { kind: 'branch', paths: [path()], otherwise: null }],
    ['exit', { kind: 'exit', reason: 'done' }],
    ['exit without a reason', { kind: 'exit' }],
  ])('%s', (_name, step) => {
    expect(found(around(step))).toEqual([])
  })
})

describe('what is wrong is said at its place', () => {
  test.each([
    ['no email yet', { kind: 'send-email', email: null, next: null }, ['no-email steps/0/email']],
    ['an email that is gone', { kind: 'send-email', email: 'gone' }, ['unknown-email steps/0/email']],
    ['an email called constructor', { kind: 'send-email', email: 'constructor' }, ['unknown-email steps/0/email']],
    ['an arrow to nowhere', { kind: 'send-email', email: 'hello', next: 'gone' }, ['unknown-step steps/0/next']],
    ['a field that does not belong', { kind: 'exit', reason: 'x', colour: 'red' }, ['bad-field steps/0']],
    ['an unknown kind', { kind: 'webhook', arms: [] }, ['unknown-kind steps/0/kind']],
    ['a kind called constructor', { kind: 'constructor' }, ['unknown-kind steps/0/kind']],
    ['a wait without a length', { kind: 'wait', next: 'a' }, ['bad-duration steps/0/for']],
    ['an emptied wait', { kind: 'wait', for: '', next: 'a' }, ['bad-duration steps/0/for']],
    ['a negative wait', { kind: 'wait', for: '-P1D', next: 'a' }, ['bad-duration steps/0/for']],
    ['a wait of nothing', { kind: 'wait', for: 'PT0S', next: 'a' }, ['duration-out-of-range steps/0/for']],
    ['a wait over ten years', { kind: 'wait', for: 'P11Y', next: 'a' }, ['duration-out-of-range steps/0/for']],
    ['a number for a wait', { kind: 'wait', for: 5, next: 'a' }, ['bad-duration steps/0/for']],
    ['both for and until', { kind: 'wait', for: 'P1D', until: { time: '09:00' } }, ['bad-field steps/0/until']],
    ['an until that says nothing', { kind: 'wait', until: {}, next: 'a' }, ['bad-field steps/0/until']],
    [
      'a day that does not exist',
      { kind: 'wait', until: { at: '2026-02-30T09:00' }, next: 'a' },
      ['bad-field steps/0/until/at'],
    ],
    ['a moment with an offset', { kind: 'wait', until: { at: '2026-02-20T09:00Z' } }, ['bad-field steps/0/until/at']],
    ['a time of 24:00', { kind: 'wait', until: { time: '24:00' } }, ['bad-field steps/0/until/time']],
    ['an unknown weekday', { kind: 'wait', until: { time: '09:00', days: ['sol'] } }, ['bad-field steps/0/until/days']],
    [
      'a date in an attribute of text',
      { kind: 'wait', until: { attribute: 'plan' } },
      ['wrong-type steps/0/until/attribute'],
    ],
    ['no attribute chosen', { kind: 'wait', until: { attribute: null } }, ['bad-field steps/0/until/attribute']],
    [
      'an offset over ten years',
      { kind: 'wait', until: { attribute: 'renewal_on', offset: '-P99Y' } },
      ['duration-out-of-range steps/0/until/offset'],
    ],
    [
      'an unknown ifPast',
      { kind: 'wait', until: { attribute: 'renewal_on', ifPast: 'maybe' } },
      ['bad-field steps/0/until/ifPast'],
    ],
    ['a wait-until without timeout', untilPro({ timeout: null }), ['no-timeout steps/0/timeout']],
    [
      'a timeout without a length',
      untilPro({ timeout: { after: null, next: 'a' } }),
      ['no-timeout steps/0/timeout/after'],
    ],
    [
      'a timeout to nowhere',
      untilPro({ timeout: { after: 'P1D', next: 'gone' } }),
      ['unknown-step steps/0/timeout/next'],
    ],
    ['a wait-until without paths', untilPro({ paths: [] }), ['no-paths steps/0/paths']],
    ['a path without a condition', untilPro({ paths: [path({ when: null })] }), ['bad-condition steps/0/paths/0/when']],
    ['a path to nowhere', untilPro({ paths: [path({ next: 'gone' })] }), ['unknown-step steps/0/paths/0/next']],
    ['a path called timeout', untilPro({ paths: [path({ id: 'timeout' })] }), ['bad-field steps/0/paths/0/id']],
    ['a branch without paths', { kind: 'branch', otherwise: 'a' }, ['no-paths steps/0/paths']],
    ['paths that are a number', { kind: 'branch', paths: 7, otherwise: 'a' }, ['no-paths steps/0/paths']],
    [
      'two paths of one id',
      { kind: 'branch', paths: [path(), path()], otherwise: null },
      ['bad-field steps/0/paths/1/id'],
    ],
    [
      'an operator that does not exist',
      { kind: 'branch', paths: [path({ when: { attribute: 'plan', is: 'like', value: 'x' } })], otherwise: null },
      ['bad-operator steps/0/paths/0/when/is'],
    ],
  ])('%s', (_name, step, problems) => {
    expect(found(around(step))).toEqual(problems)
    expect(check(around(step)).find((problem) => problem.severity === 'error')).toMatchObject({ stepId: 'x' })
  })

  test('an unknown kind is named together with those we know', () => {
    const [problem] = check(around({ kind: 'webhook' }))
    expect(problem?.message).toBe(
      'There is no kind of step called "webhook"; known are send-email, wait, wait-until, branch, split, update-contact, exit.',
    )
  })
})

describe('triggers', () => {
  test.each([
    ['an event without a name', { id: 't', kind: 'event', event: null, where: null }, ['bad-field triggers/0/event']],
    ['an unknown kind', { id: 't', kind: 'form-submitted' }, ['unknown-kind triggers/0/kind']],
    ['a condition that is none', { id: 't', kind: 'event', event: 'x', where: 5 }, ['bad-condition triggers/0/where']],
    ['an event', { id: 't', kind: 'event', event: 'Signed up', where: null }, []],
    [
      'an event with a condition',
      { id: 't', kind: 'event', event: 'Paid', where: { property: 'total', is: 'greater-than', value: 5 } },
      [],
    ],
    ['by hand', { id: 't', kind: 'manual' }, []],
    ['a new contact', { id: 't', kind: 'contact-created' }, []],
    [
      'a new contact with a filter it cannot have',
      { id: 't', kind: 'contact-created', where: {} },
      ['bad-field triggers/0'],
    ],
    ['a tag', { id: 't', kind: 'tag-added', tag: 'vip' }, []],
    ['a tag without a name', { id: 't', kind: 'tag-added', tag: '' }, ['bad-field triggers/0/tag']],
    ['a tag that is a list', { id: 't', kind: 'tag-added', tag: ['vip'] }, ['bad-field triggers/0/tag']],
  ])('%s', (_name, trigger, problems) => {
    expect(found(workflow({ triggers: [trigger] }))).toEqual(problems)
  })
})

describe('fresh from the palette', () => {
  test.each(Object.values(stepKinds))('$kind has ways out, and at most asks to be filled in', (kind) => {
    const step = { id: 'x', kind: kind.kind, ...kind.defaults() }
    expect(kind.outs(step).every((out) => out.next === null)).toBe(true)
    expect(kind.main === null || kind.outs(step).some((out) => out.port === kind.main)).toBe(true)
    expect(
      found(around(step)).filter((problem) => !/^(no-email|bad-condition) |^bad-field steps\/0\/set$/.test(problem)),
    ).toEqual([])
  })

  test.each(Object.values(triggerKinds))('trigger $kind', (kind) => {
    const trigger = { id: 't', kind: kind.kind, ...kind.defaults() }
    expect(found(workflow({ triggers: [trigger] })).length).toBeLessThanOrEqual(1)
  })
})

describe('what the engine gets', () => {
  const plan = (step: Record<string, unknown>) => {
    const kind = stepKinds.wait
    return kind.toPlan({ id: 'x', kind: 'wait', next: null, ...step }, { no: toStepNo(4), next: () => null })
  }
  const NOTHING = { months: 0, days: 0, ms: 0 }
  test.each([
    [{ for: 'P1M2DT3H' }, { kind: 'for', duration: { months: 1, days: 2, ms: 10_800_000 } }],
    [{ until: { at: '2026-12-24T09:00' } }, { kind: 'at', local: '2026-12-24T09:00:00' }],
    [
      { until: { time: '09:30', days: ['sun', 'mon', 'mon'], after: 'P2D' } },
      { kind: 'time', minuteOfDay: 570, days: [1, 7], after: { ...NOTHING, days: 2 } },
    ],
    [{ until: { time: '00:00' } }, { kind: 'time', minuteOfDay: 0, days: [], after: null }],
    [
      { until: { attribute: 'renewal_on', offset: '-P7D', ifPast: 'exit' } },
      { kind: 'attribute', attribute: 'renewal_on', offset: { ...NOTHING, days: 7 }, sign: -1, ifPast: 'exit' },
    ],
    [
      { until: { attribute: 'renewal_on' } },
      { kind: 'attribute', attribute: 'renewal_on', offset: NOTHING, sign: 1, ifPast: 'continue' },
    ],
  ])('wait %j', (step, rule) => {
    expect(plan(step)).toEqual({ kind: 'wait', no: 4, id: 'x', title: '', rule, next: null })
  })
})
