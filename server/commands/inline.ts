/** The carrier without a thread: tests, and PostgreSQL later. */

import type { Db } from '../db/open.ts'
import type { Engine } from '../engine/context.ts'
import type { Hints } from '../engine/transact.ts'
import type { Commands } from './contract.ts'
import { runCommand } from './run.ts'

export type InlineOptions = { db: Db; engine: Engine; onCommit?: (hints: Hints) => void }

export function inlineCommands({ db, engine, onCommit }: InlineOptions): Commands {
  return async (name, input) => {
    const { output, hints } = await runCommand(db, engine, name, input)
    onCommit?.(hints)
    return output
  }
}
