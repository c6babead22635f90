/** One command, or several that share a commit, in one transaction: both carriers come through here. */

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
  const call: Call<N> = { name, input }
  const { outputs, hints } = await runTogether(db, engine, [call])
  // The output of the only call, under its own name.
  return { output: outputs[0] as CommandOutput<N>, hints }
}

export type Call<N extends CommandName = CommandName> = { name: N; input: CommandInput<N> }

/** One after the other, all of them or none. @returns the outputs in the order of the calls */
export async function runTogether(
  db: Db,
  engine: Engine,
  calls: readonly Call[],
): Promise<{ outputs: readonly unknown[]; hints: Hints }> {
  try {
    const { value, hints } = await transact(db, async (tx) => {
      const moment = await beginMoment(engine, tx)
      const outputs: unknown[] = []
      for (const { name, input } of calls) outputs.push(await registry[name](moment, input as never))
      await settle(moment)
      return outputs
    })
    return { outputs: value, hints }
  } catch (error) {
    // What was cached inside the transaction may never have happened.
    forgetCaches(engine)
    throw error
  }
}
