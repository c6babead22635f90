import { describe, expect, test } from 'vitest'
import { emptyDocument } from '../../../shared/workflow/document.ts'
import { rename } from '../../../shared/workflow/edit.ts'
import { COALESCE_MS, emptyHistory, remember, stepBack, stepForward, UNDO_LIMIT } from '../../../web/editor/history.ts'

const named = (name: string) => emptyDocument(name)
const edit = (key: string, field: string | null = null, at = 0) => ({ name: { key }, field, at })

describe('undo', () => {
  test('goes back to the document before the edit and forward to it again', () => {
    const history = remember(emptyHistory, named('before'), edit('rename'))
    const back = stepBack(history, named('after'))
    expect(back?.document.name).toBe('before')
    expect(back?.name.key).toBe('rename')
    expect(back === null ? null : stepForward(back.history, back.document)?.document.name).toBe('after')
  })
  test('has nothing to do on an empty history', () => {
    expect(stepBack(emptyHistory, named('a'))).toBeNull()
    expect(stepForward(emptyHistory, named('a'))).toBeNull()
  })
  test('joins typing in one field, until there is a pause', () => {
    const one = remember(emptyHistory, named(''), edit('rename', 'name', 0))
    const two = remember(one, named('W'), edit('rename', 'name', 100))
    expect(two.past).toHaveLength(1)
    expect(two.past[0]?.document.name).toBe('')
    expect(remember(two, named('We'), edit('rename', 'name', 101 + COALESCE_MS)).past).toHaveLength(2)
  })
  test('never joins edits of different fields', () => {
    const one = remember(emptyHistory, named('a'), edit('rename', 'name', 0))
    expect(remember(one, named('b'), edit('change', 'subject', 1)).past).toHaveLength(2)
  })
  test('forgets what was undone once something new is done', () => {
    const back = stepBack(remember(emptyHistory, named('a'), edit('x')), named('b'))
    if (back === null) throw new Error('expected a step back')
    expect(remember(back.history, back.document, edit('y')).future).toEqual([])
  })
  test('remembers two hundred steps', () => {
    let history = emptyHistory
    for (let i = 0; i < UNDO_LIMIT + 25; i += 1)
      history = remember(history, rename(named('x'), `n${i}`), edit('rename'))
    expect(history.past).toHaveLength(UNDO_LIMIT)
    expect(history.past[0]?.document.name).toBe('n25')
  })
})
