import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DrawnStep, documentShape, type WorkflowDocument } from '../../../shared/workflow/document.ts'
import {
  addStep,
  addTrigger,
  connect,
  insertStep,
  moveSteps,
  putEmail,
  removeSteps,
  removeTrigger,
  rename,
  setStart,
  targetOf,
  updateSettings,
  updateStep,
  updateTrigger,
} from '../../../shared/workflow/edit.ts'
import { copySteps, duplicateSteps, pasteSteps } from '../../../shared/workflow/edit-copies.ts'
import { addPath, movePath, removePath, updatePath } from '../../../shared/workflow/edit-paths.ts'
import { freshId } from '../../../shared/workflow/fresh-id.ts'
import type { StepKindName } from '../../../shared/workflow/kind.ts'
import { outsOf, stepKinds } from '../../../shared/workflow/kinds.ts'
import { found, goodDocument, isSameMeaning, junkDocument, MJML, workflow } from './support.ts'

const email = (id: string, next: string | null): DrawnStep => ({ id, kind: 'send-email', email: 'hello', next })
const three = workflow({ steps: [email('a', 'b'), email('b', 'c'), email('c', null)] })
const arrows = (doc: WorkflowDocument) =>
  Object.fromEntries(doc.steps.map((step) => [step.id, outsOf(step).map((out) => out.next)]))
const anyKind = fc.constantFrom<StepKindName>('send-email', 'wait', 'wait-until', 'branch', 'exit')

describe('adding', () => {
  test('the first step becomes the start, the second does not', () => {
    const empty = workflow({ start: null, steps: [] })
    const one = addStep(empty, { id: 'x', kind: 'wait', at: { x: 1.4, y: 2.6 } })
    expect(one).toMatchObject({
      start: 'x',
      steps: [{ id: 'x', kind: 'wait', for: 'P2D' }],
      layout: { x: { x: 1, y: 3 } },
    })
    expect(addStep(one, { id: 'y', kind: 'exit' }).start).toBe('x')
  })
  test('an id that is taken changes nothing', () => {
    expect(addStep(three, { id: 'a', kind: 'exit' })).toBe(three)
  })
  test('inserting on an arrow puts the step between', () => {
    const doc = insertStep(three, { from: 'a', port: 'next' }, { id: 'x', kind: 'wait' })
    expect(arrows(doc)).toEqual({ a: ['x'], b: ['c'], c: [null], x: ['b'] })
  })
  test('inserting before the start moves the start', () => {
    const doc = insertStep(three, { from: null, port: 'start' }, { id: 'x', kind: 'branch' })
    expect(doc.start).toBe('x')
    expect(arrows(doc).x).toEqual([null, 'a'])
  })
  test('what stood there moves down with all that follows', () => {
    const layout = { a: { x: 0, y: 0 }, b: { x: 0, y: 124 }, c: { x: 300, y: 248 } }
    const doc = insertStep({ ...three, layout }, { from: 'a', port: 'next' }, { id: 'x', kind: 'wait' })
    expect(doc.layout).toEqual({ a: { x: 0, y: 0 }, x: { x: 0, y: 124 }, b: { x: 0, y: 208 }, c: { x: 300, y: 332 } })
  })
})

describe('removing', () => {
  test('heals the arrows', () => {
    const doc = removeSteps({ ...three, layout: { b: { x: 0, y: 0 } } }, ['b'])
    expect(arrows(doc)).toEqual({ a: ['c'], c: [null] })
    expect(doc.layout).toEqual({})
  })
  test('several in a row, and the start', () => {
    expect(removeSteps(three, ['a', 'b'])).toMatchObject({ start: 'c', steps: [{ id: 'c' }] })
    expect(removeSteps(three, ['a', 'b', 'c'])).toMatchObject({ start: null, steps: [] })
  })
  test('a step with two successors leaves its arrows open', () => {
    const fork = { id: 'b', kind: 'branch', paths: [{ id: 'p', when: null, next: 'c' }], otherwise: 'd' }
    const doc = removeSteps(workflow({ steps: [email('a', 'b'), fork, email('c', null), email('d', null)] }), ['b'])
    expect(arrows(doc).a).toEqual([null])
  })
  test('a circle of removed steps ends', () => {
    const doc = workflow({ steps: [email('a', 'b'), email('b', 'c'), email('c', 'b')] })
    expect(arrows(removeSteps(doc, ['b', 'c']))).toEqual({ a: [null] })
  })
  test('takes the emails nobody else sends along, and keeps those still sent', () => {
    const doc = putEmail(workflow({ steps: [email('a', 'b'), { ...email('b', null), email: 'offer' }] }), 'offer', {
      subject: 'x',
      mjml: MJML,
    })
    expect(Object.keys(removeSteps(doc, ['b']).emails)).toEqual(['hello'])
    const shared = workflow({ steps: [email('a', 'b'), email('b', null)] })
    expect(removeSteps(shared, ['b']).emails).toBe(shared.emails)
  })
})

describe('identity', () => {
  test('untouched steps stay the same objects', () => {
    const doc = updateStep(three, 'b', { title: 'Second' })
    expect(doc.steps[0]).toBe(three.steps[0])
    expect(doc.steps[2]).toBe(three.steps[2])
    expect(removeSteps(three, ['b']).steps[1]).toBe(three.steps[2])
  })
  test.each<[string, (doc: WorkflowDocument) => WorkflowDocument]>([
    ['updateStep', (doc) => updateStep(doc, 'a', { email: 'hello' })],
    ['updateStep of none', (doc) => updateStep(doc, 'gone', { title: 'x' })],
    ['connect', (doc) => connect(doc, { from: 'a', port: 'next' }, 'b')],
    ['connect a port that is not there', (doc) => connect(doc, { from: 'a', port: 'timeout' }, 'c')],
    ['setStart', (doc) => setStart(doc, 'a')],
    ['rename', (doc) => rename(doc, 'Welcome')],
    ['updateSettings', (doc) => updateSettings(doc, { reentry: 'once' })],
    ['removeSteps', (doc) => removeSteps(doc, ['gone'])],
    ['removeTrigger', (doc) => removeTrigger(doc, 'gone')],
    ['updateTrigger', (doc) => updateTrigger(doc, 't1', { kind: 'event' })],
    ['moveSteps', (doc) => moveSteps(doc, {})],
  ])('%s that changes nothing returns the very same document', (_name, edit) => {
    expect(edit(three)).toBe(three)
  })
})

test('updateStep keeps id and kind, and takes fields away', () => {
  const doc = updateStep(three, 'a', { id: 'z', kind: 'exit', title: 'Hi', email: undefined })
  expect(doc.steps[0]).toEqual({ id: 'a', kind: 'send-email', title: 'Hi', next: 'b' })
})

test('triggers come, change and go', () => {
  const added = addTrigger(three, { id: 't2', kind: 'event', at: { x: 5, y: 6 } })
  const changed = updateTrigger(added, 't2', { event: 'Signed up' })
  expect(changed.triggers[1]).toEqual({ id: 't2', kind: 'event', event: 'Signed up', where: null })
  expect(removeTrigger(changed, 't2')).toMatchObject({ triggers: three.triggers, layout: {} })
})

describe('paths', () => {
  const fork = workflow({ steps: [{ id: 'a', kind: 'branch', ...stepKinds.branch.defaults() }] })
  const ids = (doc: WorkflowDocument) => outsOf(doc.steps[0] ?? { id: '', kind: '' }).map((out) => out.port)
  test('are added, changed, ordered and removed', () => {
    const two = addPath(fork, 'a', { id: 'p2', label: 'VIP' })
    expect(ids(two)).toEqual(['p1', 'p2', 'otherwise'])
    expect(ids(movePath(two, 'a', 'p2', -1))).toEqual(['p2', 'p1', 'otherwise'])
    expect(movePath(two, 'a', 'p1', -1)).toBe(two)
    expect(ids(removePath(two, 'a', 'p1'))).toEqual(['p2', 'otherwise'])
    expect(updatePath(two, 'a', 'p2', { label: 'VIP' })).toBe(two)
    expect(outsOf(updatePath(two, 'a', 'p2', { label: 'Best' }).steps[0] as DrawnStep)[1]?.label).toBe('Best')
  })
})

describe('copies', () => {
  const again = (id: string) => `${id}-2`
  test('keep arrows among themselves, cut the others, and have emails of their own', () => {
    const doc = duplicateSteps({ ...three, layout: { a: { x: 0, y: 0 } } }, ['a', 'b'], again)
    expect(arrows(doc)).toEqual({ a: ['b'], b: ['c'], c: [null], 'a-2': ['b-2'], 'b-2': [null] })
    expect(doc.steps[3]).toMatchObject({ id: 'a-2', email: 'hello-2' })
    expect(doc.emails['hello-2']).toEqual(three.emails.hello)
    expect(doc.layout['a-2']).toEqual({ x: 40, y: 40 })
  })
  test('go through the clipboard into another workflow', () => {
    const clip = JSON.parse(JSON.stringify(copySteps(three, ['b', 'c'])))
    const doc = pasteSteps(workflow(), clip, again)
    expect(found(doc)).toEqual([])
    expect(doc.steps.map((step) => step.id)).toEqual(['a', 'b-2', 'c-2'])
  })
})

test('a fresh id is not taken, also when chance is poor', () => {
  expect(freshId('wait', new Set(), () => 0)).toBe('wait-aaaaa')
  expect(freshId('wait-k3f9x', new Set(['wait-aaaaa']), () => 0)).toBe('wait-aaaaa5')
})

describe('always', () => {
  const someArrow = (doc: WorkflowDocument, pick: number) => {
    const all = [
      { from: null, port: 'start' },
      ...doc.steps.flatMap((step) => outsOf(step).map(({ port }) => ({ from: step.id, port }))),
    ]
    return all[pick % all.length] ?? { from: null, port: 'start' }
  }
  test('insert, then remove, means what it meant before', () => {
    fc.assert(
      fc.property(goodDocument, fc.nat(), anyKind, (doc, pick, kind) => {
        const arrow = someArrow(doc, pick)
        fc.pre(kind !== 'exit' || targetOf(doc, arrow) === null)
        const back = removeSteps(insertStep(doc, arrow, { id: 'new', kind }), ['new'])
        expect(isSameMeaning(doc, back)).toBe(true)
      }),
    )
  })
  test('any edits of any draft keep the outer shape and leave no arrow to what was removed', () => {
    fc.assert(
      fc.property(junkDocument, fc.nat(), anyKind, (doc, pick, kind) => {
        const inserted = insertStep(doc, someArrow(doc, pick), { id: 'new', kind })
        const copied = duplicateSteps(inserted, ['a', 'b'], (id) => `${id}-copy`)
        const removed = removeSteps(copied, ['new', 'b'])
        expect(documentShape.safeParse(removed).success).toBe(true)
        const targets = removed.steps.flatMap((step) => outsOf(step).map((out) => out.next))
        expect(targets).not.toContain('new')
        expect(targets).not.toContain('b')
      }),
      { numRuns: 200 },
    )
  })
  test('removing steps leaves every other arrow where it was', () => {
    fc.assert(
      fc.property(goodDocument, fc.nat(), (doc, pick) => {
        const gone = doc.steps[pick % doc.steps.length]?.id ?? ''
        for (const step of removeSteps(doc, [gone]).steps) {
          const before = doc.steps.find((other) => other.id === step.id)
          const touched = before !== undefined && outsOf(before).some((out) => out.next === gone)
          if (!touched) expect(step).toBe(before)
        }
      }),
    )
  })
})
