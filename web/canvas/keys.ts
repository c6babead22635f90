/** Which command a key means while the canvas has the focus. Pure: the table the help lists and the tests read. */
import type { Direction } from './walk.ts'

export type KeyCommand =
  | { kind: 'walk'; direction: Direction }
  | { kind: 'nudge'; direction: Direction }
  | {
      kind:
        | 'add'
        | 'connect'
        | 'remove'
        | 'find'
        | 'problem'
        | 'outline'
        | 'help'
        | 'duplicate'
        | 'copy'
        | 'paste'
        | 'escape'
        | 'all'
    }

export type Pressed = { key: string; altKey: boolean; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}
type Plain = Exclude<KeyCommand, { direction: Direction }>['kind']
const SINGLE: Readonly<Record<string, Plain>> = {
  a: 'add',
  c: 'connect',
  Delete: 'remove',
  Backspace: 'remove',
  '/': 'find',
  p: 'problem',
  o: 'outline',
  '?': 'help',
  Escape: 'escape',
}
const WITH_CONTROL: Readonly<Record<string, Plain>> = { d: 'duplicate', c: 'copy', v: 'paste', a: 'all' }

export function commandOf(pressed: Pressed): KeyCommand | null {
  const direction = ARROWS[pressed.key]
  const hasControl = pressed.ctrlKey || pressed.metaKey
  if (direction !== undefined && !hasControl) return { kind: pressed.altKey ? 'nudge' : 'walk', direction }
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key
  const kind = hasControl ? WITH_CONTROL[key] : pressed.altKey ? undefined : SINGLE[key]
  return kind === undefined ? null : { kind }
}

/** What `?` shows, in the order of use: key caps and the catalogue's key for what they do. */
export const SHORTCUTS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['←', '↑', '↓', '→'], does: 'walk' },
  { keys: ['Enter'], does: 'open' },
  { keys: ['A'], does: 'add' },
  { keys: ['C'], does: 'connect' },
  { keys: ['Alt', '←↑↓→'], does: 'nudge' },
  { keys: ['Delete'], does: 'remove' },
  { keys: ['Ctrl', 'D'], does: 'duplicate' },
  { keys: ['Ctrl', 'C'], does: 'copy' },
  { keys: ['Ctrl', 'V'], does: 'paste' },
  { keys: ['Ctrl', 'Z'], does: 'undo' },
  { keys: ['Ctrl', 'Shift', 'Z'], does: 'redo' },
  { keys: ['/'], does: 'find' },
  { keys: ['P'], does: 'problem' },
  { keys: ['O'], does: 'outline' },
  { keys: ['?'], does: 'help' },
]
