import { describe, expect, test } from 'vitest'
import { emptyDocument } from '../../../shared/workflow/document.ts'
import { placesOf } from '../../../web/canvas/auto-layout.ts'
import { type Connecting, finishConnecting, type KeyHandlers, runCommand } from '../../../web/canvas/run-command.ts'
import { createEditor } from '../../../web/editor/slice.ts'

/** A trigger, an email, a branch, and two emails it leads to. */
const document = {
  ...emptyDocument('Welcome'),
  triggers: [{ id: 't1', kind: 'manual' }],
  start: 'hello',
  steps: [
    { id: 'hello', kind: 'send-email', email: 'hello', next: 'which' },
    {
      id: 'which',
      kind: 'branch',
      paths: [{ id: 'vip', label: 'VIP', when: null, next: 'call' }],
      otherwise: 'pause',
    },
    { id: 'call', kind: 'wait', for: 'P1D', next: null },
    { id: 'pause', kind: 'wait', for: 'P2D', next: null },
  ],
}

function bench(selection: readonly string[] = []) {
  const store = createEditor({ document, revision: 1, savedAt: 0, now: () => 0 })
  store.getState().select(selection)
  const done: string[] = []
  const note =
    (what: string) =>
    (...of: readonly unknown[]) =>
      void done.push([what, ...of].join(' '))
  const handlers: KeyHandlers = {
    edits: {
      remove: note('remove'),
      duplicate: note('duplicate'),
      copy: note('copy'),
      paste: note('paste'),
      connect: note('connect'),
    },
    focusNode: note('focus'),
    openAddMenu: note('add after'),
    find: note('find'),
    help: note('help'),
    outline: note('outline'),
  }
  let connecting: Connecting | null = null
  const reach = () => ({
    store,
    handlers,
    nodeIds: () => ['trigger:t1', 'hello'],
    connecting,
    setConnecting: (next: Connecting | null) => {
      connecting = next
    },
  })
  return {
    done,
    run: (command: Parameters<typeof runCommand>[1]) => runCommand(reach(), command),
    finish: () => finishConnecting(reach()),
    selected: () => store.getState().selection,
    document: () => store.getState().document,
    connecting: () => connecting,
    setProblems: (nodes: readonly string[]) =>
      store
        .getState()
        .setProblems(
          nodes.map((stepId) => ({ code: 'no-email', severity: 'error', stepId, path: '', message: '', params: {} })),
        ),
  }
}

describe('an arrow key', () => {
  test('enters at the first card when nothing is selected', () => {
    const { run, selected, done } = bench()
    expect(run({ kind: 'walk', direction: 'down' })).toBe(true)
    expect(selected()).toHaveLength(1)
    expect(done).toEqual([`focus ${selected()[0]}`])
  })

  test('follows the line down and back up', () => {
    const { run, selected } = bench(['hello'])
    run({ kind: 'walk', direction: 'down' })
    expect(selected()).toEqual(['which'])
    run({ kind: 'walk', direction: 'up' })
    expect(selected()).toEqual(['hello'])
  })

  test('with Alt moves the selected card, and nothing else', () => {
    const { run, document: now } = bench(['hello'])
    const before = placesOf(document)
    expect(run({ kind: 'nudge', direction: 'right' })).toBe(true)
    const after = placesOf(now())
    expect(after.hello).toEqual({ x: (before.hello?.x ?? 0) + 20, y: before.hello?.y })
    expect(after.which).toEqual(before.which)
    expect(bench().run({ kind: 'nudge', direction: 'right' })).toBe(false)
  })
})

describe('connecting from the keyboard', () => {
  test('takes the outcomes of the selected step in turn', () => {
    const { run, connecting } = bench(['which'])
    run({ kind: 'connect' })
    expect(connecting()).toEqual({ from: 'which', port: 'vip', to: null })
    run({ kind: 'connect' })
    expect(connecting()).toEqual({ from: 'which', port: 'otherwise', to: null })
    run({ kind: 'connect' })
    expect(connecting()?.port).toBe('vip')
  })

  test('arrows then choose where it leads without moving the selection, and Enter connects', () => {
    const { run, connecting, selected, finish, done } = bench(['hello'])
    run({ kind: 'connect' })
    expect(finish()).toBe(false)
    run({ kind: 'walk', direction: 'down' })
    expect(connecting()?.to).toBe('which')
    expect(selected()).toEqual(['hello'])
    expect(finish()).toBe(true)
    expect(done).toContain('connect hello next which')
    expect(connecting()).toBeNull()
  })

  test('starts at a trigger by its only way, and Escape gives it up', () => {
    const { run, connecting } = bench(['trigger:t1'])
    run({ kind: 'connect' })
    expect(connecting()).toEqual({ from: 'trigger:t1', port: 'start', to: null })
    run({ kind: 'escape' })
    expect(connecting()).toBeNull()
  })

  test('needs something to start from', () => {
    expect(bench().run({ kind: 'connect' })).toBe(false)
  })
})

describe('other keys', () => {
  test('act on what is selected, and leave the key to the browser when nothing is', () => {
    const some = bench(['hello', 'which'])
    for (const kind of ['remove', 'duplicate', 'copy', 'add'] as const) expect(some.run({ kind })).toBe(true)
    expect(some.done).toEqual(['remove hello,which', 'duplicate hello,which', 'copy hello,which', 'add after which'])
    for (const kind of ['remove', 'copy', 'add'] as const) expect(bench().run({ kind })).toBe(false)
  })

  test('select everything, and go round the problems', () => {
    const { run, selected, setProblems } = bench(['hello'])
    run({ kind: 'all' })
    expect(selected()).toEqual(['trigger:t1', 'hello'])
    setProblems(['hello', 'call'])
    run({ kind: 'problem' })
    expect(selected()).toEqual(['call'])
    run({ kind: 'problem' })
    expect(selected()).toEqual(['hello'])
  })

  test('open what they are for', () => {
    const { run, done } = bench()
    for (const kind of ['find', 'help', 'outline', 'paste'] as const) expect(run({ kind })).toBe(true)
    expect(done).toEqual(['find', 'help', 'outline', 'paste'])
  })
})
