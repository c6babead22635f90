import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffDocuments } from '../../../shared/workflow/diff.ts'
import { type DrawnStep, parseDocument } from '../../../shared/workflow/document.ts'
import { moveSteps, putEmail, removeSteps, updateStep } from '../../../shared/workflow/edit.ts'
import { migrated } from '../../../shared/workflow/migrate.ts'
import { type OutlineRow, outlineOf } from '../../../shared/workflow/outline.ts'
import { goodDocument, junkDocument, MJML, workflow } from './support.ts'

const email = (id: string, next: string | null): DrawnStep => ({ id, kind: 'send-email', email: 'hello', next })
const path = (id: string, next: string | null) => ({ id, label: id.toUpperCase(), when: { tag: id }, next })
const branch = (id: string, otherwise: string | null, ...paths: object[]): DrawnStep => ({
  id,
  kind: 'branch',
  paths,
  otherwise,
})
const until = (id: string, yes: string | null, next: string | null): DrawnStep => ({
  id,
  kind: 'wait-until',
  paths: [path('yes', yes)],
  timeout: { after: 'P1D', next },
})

/** One line per row, indented by level, as a person would read it. */
const read = (...steps: DrawnStep[]): string[] =>
  outlineOf(workflow({ triggers: [], start: steps[0]?.id ?? null, steps })).map(
    (row) => '  '.repeat(row.level) + say(row),
  )

function say(row: OutlineRow): string {
  switch (row.kind) {
    case 'step':
      return row.meets > 1 ? `${row.id} (${row.meets} meet)` : row.id
    case 'path':
      return `[${row.label ?? row.port}]`
    case 'continues':
      return `${row.back ? 'back to' : 'goes on at'} ${row.to}`
    case 'ends':
      return 'ends'
    case 'unreached':
      return 'nobody reaches'
    default:
      return row.id
  }
}

describe('the outline', () => {
  test('a sequence is a plain list', () => {
    expect(read(email('a', 'b'), email('b', null))).toEqual(['a', 'b'])
  })
  test('paths of a branch are indented, and meet below it', () => {
    expect(read(branch('a', 'c', path('vip', 'b')), email('b', 'd'), email('c', 'd'), email('d', null))).toEqual([
      'a',
      '[VIP]',
      '  b',
      '  goes on at d',
      '[otherwise]',
      '  c',
      '  goes on at d',
      'd (2 meet)',
    ])
  })
  test('the main way of a wait-until is not indented', () => {
    expect(read(until('a', 'b', 'c'), email('b', 'd'), email('c', 'd'), email('d', null))).toEqual([
      'a',
      '[YES]',
      '  b',
      '  goes on at d',
      '[timeout]',
      'c',
      'd (2 meet)',
    ])
  })
  test('paths that lead nowhere say so', () => {
    expect(read(branch('a', null, path('vip', null)))).toEqual(['a', '[VIP]', '  ends', '[otherwise]', '  ends'])
  })
  test('an arrow back names the step above', () => {
    expect(read(email('a', 'b'), until('b', 'a', null))).toEqual([
      'a',
      'b',
      '[YES]',
      '  back to a',
      '[timeout]',
      'ends',
    ])
  })
  test('a step that an inner and an outer path share stands below the outer branch', () => {
    const steps = [
      branch('a', 'x', path('p', 'b')),
      branch('b', 'c', path('q', 'x')),
      email('c', 'x'),
      email('x', null),
    ]
    expect(read(...steps)).toEqual([
      'a',
      '[P]',
      '  b',
      '  [Q]',
      '    goes on at x',
      '  [otherwise]',
      '    c',
      '    goes on at x',
      '[otherwise]',
      '  goes on at x',
      'x (3 meet)',
    ])
  })
  test('what nobody reaches comes last', () => {
    expect(read(email('a', null), email('b', 'c'), email('c', null))).toEqual(['a', 'nobody reaches', 'b', 'c'])
  })
  test('every step of any draft stands in it exactly once', () => {
    fc.assert(
      fc.property(fc.oneof(goodDocument, junkDocument), (doc) => {
        const listed = outlineOf(doc).flatMap((row) => (row.kind === 'step' ? [row.id] : []))
        expect(listed.sort()).toEqual([...new Set(doc.steps.map((step) => step.id))].sort())
      }),
      { numRuns: 300 },
    )
  })
})

describe('the difference', () => {
  const before = workflow({ steps: [email('a', 'b'), email('b', null)] })
  test('names steps added, changed and removed', () => {
    const after = { ...before, steps: [{ ...email('a', 'c'), title: 'Hello' }, email('c', null)] }
    expect(diffDocuments(before, after)).toEqual([
      { stepId: 'a', title: 'Hello', kind: 'send-email', change: 'changed' },
      { stepId: 'c', title: '', kind: 'send-email', change: 'added' },
      { stepId: 'b', title: '', kind: 'send-email', change: 'removed' },
    ])
  })
  test('a changed email changes the steps that send it', () => {
    const after = putEmail(before, 'hello', { subject: 'New', mjml: MJML })
    expect(diffDocuments(before, after).map((entry) => entry.stepId)).toEqual(['a', 'b'])
  })
  test('moving is no change, nor is the order of keys', () => {
    expect(diffDocuments(before, moveSteps(before, { a: { x: 5, y: 5 } }))).toEqual([])
    const [first, ...others] = before.steps
    const turned = Object.fromEntries(Object.entries(first ?? {}).reverse()) as DrawnStep
    expect(diffDocuments(before, { ...before, steps: [turned, ...others] })).toEqual([])
  })
  test('a document differs from itself in nothing, and undoing a change leaves nothing', () => {
    fc.assert(
      fc.property(goodDocument, (doc) => {
        expect(diffDocuments(doc, JSON.parse(JSON.stringify(doc)))).toEqual([])
        const id = doc.steps[0]?.id ?? ''
        const changed = updateStep(doc, id, { title: 'New' })
        expect(diffDocuments(doc, changed)).toHaveLength(1)
        expect(diffDocuments(doc, updateStep(changed, id, { title: undefined }))).toEqual([])
        expect(diffDocuments(doc, removeSteps(doc, [id])).some((entry) => entry.change === 'removed')).toBe(true)
      }),
    )
  })
})

describe('reading documents of any age', () => {
  test('format 1 is read as it is, also twice', () => {
    const doc = parseDocument({ format: 'perennial.workflow/1', name: 'x' })
    expect(doc).toMatchObject({ name: 'x', steps: [], start: null })
    expect(parseDocument(doc)).toEqual(doc)
  })
  test.each([[null], ['text'], [{}], [{ name: 'x', format: 'perennial.workflow/9' }]])('%j is refused', (input) => {
    expect(() => parseDocument(input)).toThrow()
  })
  test('an unknown format is named together with the one we read', () => {
    expect(() => parseDocument({ name: 'x', format: 'perennial.workflow/9' })).toThrow(
      /Found \\"perennial.workflow\/9\\"; this version reads \\"perennial.workflow\/1\\"/,
    )
  })
  test('older formats walk up one by one, and circles end', () => {
    const migrations = {
      'f/1': (doc: object) => ({ ...doc, format: 'f/2', one: true }),
      'f/2': (doc: object) => ({ ...doc, format: 'f/3', two: true }),
    }
    expect(migrated({ format: 'f/1' }, migrations)).toEqual({ format: 'f/3', one: true, two: true })
    expect(migrated({ format: 'f/2' }, migrations)).toEqual({ format: 'f/3', two: true })
    expect(migrated({ format: 'f/1' }, { 'f/1': (doc) => doc })).toEqual({ format: 'f/1' })
  })
})
