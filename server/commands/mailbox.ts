/**
 * The writer's queue of commands, one at a time, from any number of callers. Dot marks go first and together; commands that may share a
 * commit are grouped; when a group fails, each of it runs alone, so that nobody answers for another's mistake.
 */

import type { Db } from '../db/open.ts'
import type { Engine } from '../engine/context.ts'
import type { Hints } from '../engine/transact.ts'
import type { CommandInput, CommandName, CommandOutput, Commands } from './contract.ts'
import { type GroupedName, groupings, isGrouped, LARGEST_GROUP } from './grouping.ts'
import { runCommand } from './run.ts'

export type MailboxOptions = { db: Db; engine: Engine; onCommit(hints: Hints): void }

/** One caller's wish; `run` and `finish` are closed over its types. */
type Waiting = {
  name: CommandName
  input: unknown
  runAlone(): Promise<void>
  succeed(output: unknown): void
}

export type Mailbox = {
  send: Commands
  /** Resolves when nothing waits and nothing runs, or after `patienceMs`: busy senders must not keep people from being activated. */
  drained(patienceMs: number): Promise<void>
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>
}

export function createMailbox(options: MailboxOptions): Mailbox {
  const { db, engine, onCommit } = options
  const waiting: Waiting[] = []
  let working: Promise<void> | null = null

  const send: Commands = <N extends CommandName>(name: N, input: CommandInput<N>) =>
    new Promise<CommandOutput<N>>((succeed, fail) => {
      waiting.push({
        name,
        input,
        // The group's output was split by the same name, so it is this command's.
        succeed: (output) => succeed(output as CommandOutput<N>),
        async runAlone() {
          try {
            const { output, hints } = await runCommand(db, engine, name, input)
            onCommit(hints)
            succeed(output)
          } catch (error) {
            fail(error)
          }
        },
      })
      working ??= work()
    })

  async function work(): Promise<void> {
    // Begin after this turn: whatever arrives with it is grouped.
    await Promise.resolve()
    for (;;) {
      const batch = nextBatch(waiting)
      const [first] = batch
      if (first === undefined) break
      if (batch.length > 1 && isGrouped(first.name)) await runGroup(options, first.name, batch)
      else await first.runAlone()
    }
    working = null
  }

  return {
    send,
    async drained(patienceMs) {
      if (working === null) return
      let timer: NodeJS.Timeout | undefined
      const enough = new Promise<void>((done) => {
        timer = setTimeout(done, patienceMs)
      })
      await Promise.race([working, enough])
      clearTimeout(timer)
    },
    async idle() {
      while (working !== null) await working
    },
  }
}

/** Marks first; otherwise the oldest, with what may join it. Taken out of `waiting`. */
function nextBatch(waiting: Waiting[]): Waiting[] {
  const marks = takeGroup(waiting, 'mark-dots')
  if (marks.length > 0) return marks
  const [oldest] = waiting
  if (oldest === undefined) return []
  if (isGrouped(oldest.name)) return takeGroup(waiting, oldest.name)
  waiting.shift()
  return [oldest]
}

function takeGroup(waiting: Waiting[], name: GroupedName): Waiting[] {
  const taken: Waiting[] = []
  let size = 0
  for (let i = 0; i < waiting.length; ) {
    const candidate = waiting[i]
    if (candidate === undefined || candidate.name !== name) {
      i += 1
      continue
    }
    size += groupings[name].size(candidate.input as never)
    if (taken.length > 0 && size > LARGEST_GROUP) break
    taken.push(candidate)
    waiting.splice(i, 1)
  }
  return taken
}

async function runGroup(
  { db, engine, onCommit }: MailboxOptions,
  name: GroupedName,
  group: readonly Waiting[],
): Promise<void> {
  const grouping = groupings[name]
  const inputs = group.map(({ input }) => input as never)
  let outputs: readonly unknown[]
  try {
    const { output, hints } = await runCommand(db, engine, name, grouping.join(inputs))
    onCommit(hints)
    outputs = grouping.split(output as never, inputs)
  } catch {
    // Nothing was written. Alone, each gets its own answer or its own error.
    for (const one of group) await one.runAlone()
    return
  }
  for (const [index, one] of group.entries()) one.succeed(outputs[index])
}
