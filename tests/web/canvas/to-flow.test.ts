import { describe, expect, test } from 'vitest'
import { emptyDocument, type WorkflowDocument } from '../../../shared/workflow/document.ts'
import { autoLayout, placesOf } from '../../../web/canvas/auto-layout.ts'
import { joinOf, movesOf, selectionAfter } from '../../../web/canvas/from-changes.ts'
import { bandWidth } from '../../../web/canvas/geometry.ts'
import { lineAt } from '../../../web/canvas/graph.ts'
import { commandOf } from '../../../web/canvas/keys.ts'
import { keepSame, toFlow } from '../../../web/canvas/to-flow.ts'
import { neighbour, nextProblem } from '../../../web/canvas/walk.ts'
import { formatsFor } from '../../../web/editor/text.ts'

const text = { t: (key: string) => key, formats: formatsFor('en', 'Asia/Ho_Chi_Minh'), language: 'en' }
const document: WorkflowDocument = {
  ...emptyDocument('Welcome'),
  triggers: [{ id: 't1', kind: 'event', event: 'Signed up', where: null }],
  start: 'hello',
  steps: [
    { id: 'hello', kind: 'send-email', title: 'Say hello', email: 'hello', next: 'which' },
    {
      id: 'which',
      kind: 'branch',
      paths: [{ id: 'vip', label: 'VIP', when: { tag: 'vip' }, next: 'call' }],
      otherwise: 'pause',
    },
    { id: 'call', kind: 'send-email', email: 'hello', next: 'pause' },
    { id: 'pause', kind: 'wait', for: 'P2D', next: null },
  ],
  emails: { hello: { subject: "Welcome, {{ contact.first_name | default: 'friend' }}", mjml: '' } },
}
const draw = (selection: readonly string[] = []) => toFlow({ document, problems: [], stats: null, selection, text })

describe('a document drawn', () => {
  test('has a card for every trigger and step, and a line for every outcome that leads somewhere', () => {
    const { nodes, edges } = draw()
    expect(nodes.map((n) => n.id)).toEqual(['trigger:t1', 'hello', 'which', 'call', 'pause'])
    expect(edges.map((e) => `${e.source}>${e.target}`)).toEqual([
      'trigger:t1>hello',
      'hello>which',
      'which>call',
      'which>pause',
      'call>pause',
    ])
  })
  test('names outcomes on their lines, and leaves a plain sequence without a name', () => {
    const labels = Object.fromEntries(draw().edges.map((e) => [e.id, e.data?.label]))
    expect(labels).toMatchObject({ 'hello|next': null, 'which|vip': 'VIP', 'which|otherwise': 'port.otherwise' })
  })
  test('leads triggers straight into the top of the first card', () => {
    const two = { ...document, triggers: [...document.triggers, { id: 't2', kind: 'manual' }] }
    const starts = toFlow({ document: two, problems: [], stats: null, selection: [], text }).edges.slice(0, 2)
    expect(starts.map((e) => [e.sourceHandle, e.targetHandle])).toEqual([
      ['out-bottom', 'in-top'],
      ['out-bottom', 'in-top'],
    ])
  })
  test('shows what did not go out, and only then', () => {
    const step = { entered: 9, waiting: 0, passed: 9, exited: {}, paths: {}, opened: 0, clicked: 0 }
    const rest = { openedMachine: 0, clickedMachine: 0, revenue: 0 }
    const stats = {
      asOf: '',
      pausedAt: null,
      totals: { entered: 9, waiting: 0, finished: 9, left: {} },
      steps: { hello: { ...step, ...rest, messages: { sent: 6, skipped: 2, failed: 1 } } },
    }
    const { nodes } = toFlow({ document, problems: [], stats, selection: [], text })
    expect(nodes.find((n) => n.id === 'hello')?.data.troubles.map((n) => `${n.value} ${n.state}`)).toEqual([
      '1 failed',
      '2 skipped',
    ])
    expect(nodes.find((n) => n.id === 'call')?.data.troubles).toEqual([])
  })
  test('names the ways of a split by their share, with the name people gave', () => {
    const arms = [
      { id: 'a', label: 'Short', weight: 3, next: 'call' },
      { id: 'b', label: '', weight: 1, next: null },
    ]
    const split = {
      ...document,
      start: 'which',
      steps: [{ id: 'which', kind: 'split', arms }, ...document.steps.slice(2)],
    }
    const { nodes, edges } = toFlow({
      document: split,
      problems: [],
      stats: null,
      selection: [],
      text: { ...text, t: (key, params) => (key === 'port.arm' ? `${params?.label} ${params?.share}` : key) },
    })
    expect(edges.find((e) => e.id === 'which|a')?.data?.label).toBe('Short 75%')
    expect(nodes.find((n) => n.id === 'which')?.data.openOuts).toEqual([{ port: 'b', label: '25%' }])
    expect(nodes.find((n) => n.id === 'which')?.data.line).toBe('75% and 25%')
  })
  test('says of whom waits that they stand still while the workflow is paused', () => {
    const counted = { entered: 9, waiting: 9, passed: 0, exited: {}, paths: {}, messages: {}, opened: 0, clicked: 0 }
    const stats = {
      asOf: '',
      totals: { entered: 9, waiting: 9, finished: 0, left: {} },
      pausedAt: null,
      steps: { pause: { ...counted, openedMachine: 0, clickedMachine: 0, revenue: 0 } },
    }
    const numbers = (isPaused: boolean) =>
      toFlow({ document, problems: [], stats, selection: [], text, isPaused }).nodes.find((n) => n.id === 'pause')?.data
        .numbers
    expect(numbers(false)).toEqual([{ state: 'waiting', value: '9', label: 'number.waiting', icon: 'people' }])
    expect(numbers(true)).toEqual([{ state: 'waiting', value: '9', label: 'number.still', icon: 'still' }])
  })
  test('says what an email is about with its Liquid in words', () => {
    expect(draw().nodes.find((n) => n.id === 'call')?.data.title).toBe('Welcome, first name')
  })
  test('shows an outcome that leads nowhere as open', () => {
    expect(draw().nodes.find((n) => n.id === 'pause')?.data.openOuts).toEqual([{ port: 'next', label: null }])
  })
  test('lets Tab in at the selected card only', () => {
    expect(
      draw(['call'])
        .nodes.filter((n) => n.data.tabbable)
        .map((n) => n.id),
    ).toEqual(['call'])
    expect(
      draw()
        .nodes.filter((n) => n.data.tabbable)
        .map((n) => n.id),
    ).toEqual(['trigger:t1'])
  })
  test('keeps the objects of cards that did not change', () => {
    const before = draw().nodes
    const after = keepSame(before, draw(['call']).nodes)
    expect(after.filter((node, i) => node === before[i]).map((n) => n.id)).toEqual(['hello', 'which', 'pause'])
  })
  test('puts the problems of a trigger on the trigger, an error before warnings', () => {
    const at = { stepId: null, message: '' }
    const problems = [
      { ...at, code: 'trailing-wait' as const, severity: 'warning' as const, path: 'triggers/0/event' },
      { ...at, code: 'bad-field' as const, severity: 'error' as const, path: 'triggers/0/event' },
    ]
    const strip = toFlow({ document, problems, stats: null, selection: [], text }).nodes[0]?.data.strip
    expect(strip).toMatchObject({ severity: 'error', text: 'brief.bad-field', more: 1 })
    expect(strip?.full).toContain('problem:bad-field')
  })
})

describe('places', () => {
  test('run straight down the main path, without two cards on one spot', () => {
    const places = autoLayout({ ...document, steps: document.steps.filter((s) => s.id !== 'call') })
    expect(new Set(['trigger:t1', 'hello', 'which'].map((id) => places[id]?.x)).size).toBe(1)
    const all = Object.values(autoLayout(document)).map(({ x, y }) => `${x},${y}`)
    expect(new Set(all).size).toBe(all.length)
  })
  test('are those saved, also when some are missing', () => {
    const places = placesOf({ ...document, layout: { hello: { x: 500, y: 700 } } })
    expect(places.hello).toEqual({ x: 500, y: 700 })
    expect(places.which?.y).toBeGreaterThan(700)
  })
})

describe('changes from the canvas', () => {
  test('become moves once the pointer is released', () => {
    const drag = { type: 'position' as const, id: 'a', position: { x: 1, y: 2 }, dragging: true }
    expect(movesOf([drag])).toEqual({ places: { a: { x: 1, y: 2 } }, isDone: false })
    expect(movesOf([{ ...drag, dragging: false }])?.isDone).toBe(true)
    expect(movesOf([])).toBeNull()
  })
  test('keep the same selection when nothing was selected anew', () => {
    const before = ['a']
    expect(selectionAfter(before, [{ type: 'select', id: 'a', selected: true }])).toBe(before)
    expect(selectionAfter(before, [{ type: 'select', id: 'b', selected: true }])).toEqual(['a', 'b'])
  })
  test('join no step with itself and nothing with a trigger', () => {
    expect(joinOf({ source: 'a', target: 'a' })).toBeNull()
    expect(joinOf({ source: 'a', target: 'trigger:t1' })).toBeNull()
    expect(joinOf({ source: 'a', target: 'b' })).toEqual({ from: 'a', to: 'b' })
  })
  test('find their place back from the id of a line', () => {
    expect(lineAt('which|vip')).toEqual({ from: 'which', port: 'vip' })
  })
})

describe('the keyboard on the canvas', () => {
  const places = placesOf(document)
  test('follows the lines down and up', () => {
    expect(neighbour(document, places, 'trigger:t1', 'down')).toBe('hello')
    expect(neighbour(document, places, 'which', 'up')).toBe('hello')
  })
  test('goes round the problems', () => {
    expect(nextProblem(['a', 'b'], 'b')).toBe('a')
    expect(nextProblem([], 'b')).toBeNull()
  })
  test('knows single keys, and leaves those of the browser alone', () => {
    const press = (key: string, more = {}) =>
      commandOf({ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...more })
    expect(press('a')).toEqual({ kind: 'add' })
    expect(press('c', { ctrlKey: true })).toEqual({ kind: 'copy' })
    expect(press('ArrowUp', { altKey: true })).toEqual({ kind: 'nudge', direction: 'up' })
    expect(press('r', { ctrlKey: true })).toBeNull()
  })
})

test('the band under a line grows with its people, never beyond 18 pixels', () => {
  expect(bandWidth(0, 10)).toBe(0)
  expect(bandWidth(1_000, 1_000)).toBe(18)
})
test('one person is a thread, not a block', () => expect(bandWidth(1, 1)).toBeLessThan(5))
