/** One command in one transaction: both carriers come through here. */

import type { Db } from '../db/open.ts'
import { beginMoment, type Engine, forgetCaches, settle } from '../engine/context.ts'
import { type Hints, transact } from '../engine/transact.ts'
import type { CommandInput, CommandName, CommandOutput } from './contract.ts'
import { registry } from './registry.ts'

export async function runCommand<N extends CommandName>(
  db: Db,
  engine: Engine,
  name: N,
  input: CommandInput<N>,
): Promise<{ output: CommandOutput<N>; hints: Hints }> {
  try {
    const { value, hints } = await transact(db, async (tx) => {
      const moment = await beginMoment(engine, tx)
      const output = await registry[name](moment, input)
      await settle(moment)
      return output
    })
    return { output: value, hints }
  } catch (error) {
    // What was cached inside the transaction may never have happened.
    forgetCaches(engine)
    throw error
  }
}
