import { describe, expect, test } from 'vitest'
import { emptyDocument, type WorkflowDocument } from '../../../shared/workflow/document.ts'
import { rename } from '../../../shared/workflow/edit.ts'
import { LONGEST_MS, REST_MS, type SaveAnswer, startAutosave, waitBeforeSave } from '../../../web/editor/autosave.ts'
import { findCopy } from '../../../web/editor/local-copy.ts'
import { createEditor, hasUnsaved } from '../../../web/editor/slice.ts'

function bench(
  answers: SaveAnswer[],
  whileSaving: () => void = () => undefined,
  onWay: (begins: boolean) => void = () => undefined,
) {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  const clock = { now: 0 }
  const sent: { document: WorkflowDocument; revision: number }[] = []
  let pending: { run: () => void; at: number } | null = null
  const store = createEditor({ document: emptyDocument('first'), revision: 1, savedAt: 0, now: () => clock.now })
  const autosave = startAutosave(store, {
    workflowId: '7',
    save: async (document, revision) => {
      sent.push({ document, revision })
      onWay(true)
      await Promise.resolve()
      whileSaving()
      onWay(false)
      return answers.shift() ?? { kind: 'saved', revision: revision + 1, savedAt: clock.now, problems: [] }
    },
    storage,
    now: () => clock.now,
    setTimer: (run, ms) => {
      const timer = { run, at: clock.now + ms }
      pending = timer
      return () => {
        if (pending === timer) pending = null
      }
    },
  })
  const type = (name: string) => store.getState().apply({ key: 'rename' }, (doc) => rename(doc, name), 'name')
  const pass = async (ms: number) => {
    clock.now += ms
    const due = pending
    if (due !== null && due.at <= clock.now) {
      pending = null
      due.run()
    }
    for (let i = 0; i < 12; i += 1) await Promise.resolve()
  }
  return { store, autosave, type, pass, sent, storage }
}

describe('autosave', () => {
  test('waits for a rest in typing, but never longer than a second', () => {
    expect(waitBeforeSave(0, 0)).toBe(REST_MS)
    expect(waitBeforeSave(0, LONGEST_MS - 50)).toBe(50)
    expect(waitBeforeSave(0, 5_000)).toBe(0)
    expect(LONGEST_MS).toBeLessThanOrEqual(1_000)
  })
  test('saves what was typed on the revision it was made on, then on the next one', async () => {
    const { store, type, pass, sent } = bench([])
    type('second')
    await pass(REST_MS)
    type('third')
    await pass(REST_MS)
    expect(sent.map((s) => [s.document.name, s.revision])).toEqual([
      ['second', 1],
      ['third', 2],
    ])
    expect(store.getState().status.kind).toBe('saved')
  })
  test('saves by itself what was typed while it was saving', async () => {
    const names = ['during the first', 'during the second']
    const { store, type, pass, sent } = bench([], () => {
      const name = names.shift()
      if (name !== undefined) type(name)
    })
    type('second')
    for (let n = 0; n < 4; n += 1) await pass(LONGEST_MS)
    expect(sent.map((s) => s.document.name)).toEqual(['second', 'during the first', 'during the second'])
    expect([store.getState().status.kind, hasUnsaved(store.getState())]).toEqual(['saved', false])
  })
  test('never has two saves on the way, whoever asks meanwhile', async () => {
    let under = 0
    let most = 0
    const { autosave, type, sent } = bench(
      [],
      () => {
        if (sent.length < 4) type(`typed after ${sent.length}`)
      },
      (kept) => {
        under += kept ? 1 : -1
        most = Math.max(most, under)
      },
    )
    type('second')
    const first = autosave.saveNow()
    await Promise.resolve()
    await Promise.all([first, autosave.saveNow(), autosave.saveNow(), autosave.saveNow()])
    expect([most, sent.map(({ revision }) => revision)]).toEqual([1, [1, 2, 3, 4]])
  })
  test('what was typed while a save was refused is tried by itself', async () => {
    let isTyped = false
    const { store, type, pass, sent } = bench([{ kind: 'refused', message: 'too large' }], () => {
      if (!isTyped) type('smaller')
      isTyped = true
    })
    type('far too large')
    for (let n = 0; n < 3; n += 1) await pass(LONGEST_MS)
    expect(sent.map((s) => s.document.name)).toEqual(['far too large', 'smaller'])
    expect(store.getState().status.kind).toBe('saved')
  })
  test('keeps unsaved edits on this device until the server has them', async () => {
    const { type, pass, storage } = bench([{ kind: 'offline' }])
    type('kept')
    expect(findCopy(storage, '7')?.document.name).toBe('kept')
    await pass(REST_MS)
    expect(findCopy(storage, '7')?.revision).toBe(1)
    await pass(60_000)
    expect(findCopy(storage, '7')).toBeNull()
  })
  test('says since when it is offline and tries again', async () => {
    const { store, type, pass, sent } = bench([{ kind: 'offline' }])
    type('a')
    await pass(REST_MS)
    expect(store.getState().status).toEqual({ kind: 'offline', since: 0, edits: 1 })
    await pass(10_000)
    expect(sent).toHaveLength(2)
    expect(hasUnsaved(store.getState())).toBe(false)
  })
  test('loses neither version when somebody saved in between', async () => {
    const theirs = { document: emptyDocument('theirs'), revision: 9 }
    const { store, type, pass, sent } = bench([{ kind: 'stale', theirs }])
    type('mine')
    await pass(REST_MS)
    await pass(60_000)
    expect(sent).toHaveLength(1)
    store.getState().keepMine()
    await pass(REST_MS)
    expect(sent[1]).toMatchObject({ document: { name: 'mine' }, revision: 9 })
    store.getState().undo()
    expect(store.getState().document.name).toBe('theirs')
  })
  test('taking theirs leaves mine one undo away', async () => {
    const theirs = { document: emptyDocument('theirs'), revision: 9 }
    const { store, type, pass } = bench([{ kind: 'stale', theirs }])
    type('mine')
    await pass(REST_MS)
    store.getState().takeTheirs()
    expect(store.getState().document.name).toBe('theirs')
    store.getState().undo()
    expect(store.getState().document.name).toBe('mine')
  })
})
