/**
 * The writer's queue of commands, one at a time, from any number of callers. Dot marks go first and together; commands that may share a
 * commit are grouped, and the results of sent mail ride along with marks and claims: a commit to the disk costs as much as they do. When
 * a commit fails, each command of it runs alone, so that nobody answers for another's mistake.
 */

import type { Db } from '../db/open.ts'
import type { Engine } from '../engine/context.ts'
import type { Hints } from '../engine/transact.ts'
import type { CommandInput, CommandName, CommandOutput, Commands } from './contract.ts'
import { type GroupedName, groupings, isGrouped, LARGEST_GROUP } from './grouping.ts'
import { type Call, runCommand, runTogether } from './run.ts'

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
      const groups = nextGroups(waiting)
      const [first] = groups[0] ?? []
      if (first === undefined) break
      if (groups.length === 1 && groups[0]?.length === 1) await first.runAlone()
      else await runGroups(options, groups)
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

/** Commands of one name, in the order in which they came. */
type Group = readonly Waiting[]

/** What shares the next commit. Marks first; otherwise the oldest, with what may join it. Taken out of `waiting`. */
function nextGroups(waiting: Waiting[]): Group[] {
  const marks = takeGroup(waiting, 'mark-dots')
  if (marks.length > 0) return [marks, takeGroup(waiting, 'finish-messages')].filter((group) => group.length > 0)
  const [oldest] = waiting
  if (oldest === undefined) return []
  if (isGrouped(oldest.name)) return [takeGroup(waiting, oldest.name)]
  waiting.shift()
  if (oldest.name !== 'claim-messages') return [[oldest]]
  return [takeGroup(waiting, 'finish-messages'), [oldest]].filter((group) => group.length > 0)
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

async function runGroups({ db, engine, onCommit }: MailboxOptions, groups: readonly Group[]): Promise<void> {
  const calls = groups.flatMap((group) => callOf(group))
  let outputs: readonly unknown[]
  try {
    const done = await runTogether(db, engine, calls)
    onCommit(done.hints)
    outputs = done.outputs
  } catch {
    // Nothing was written. Alone, each gets its own answer or its own error.
    for (const one of groups.flat()) await one.runAlone()
    return
  }
  for (const [i, group] of groups.entries()) answer(group, outputs[i])
}

/** A group as one command. */
function callOf(group: Group): Call[] {
  const [first] = group
  if (first === undefined) return []
  const inputs = group.map(({ input }) => input as never)
  return [
    { name: first.name, input: isGrouped(first.name) ? groupings[first.name].join(inputs) : (first.input as never) },
  ]
}

function answer(group: Group, output: unknown): void {
  const [first] = group
  if (first === undefined) return
  if (isGrouped(first.name)) {
    const inputs = group.map(({ input }) => input as never)
    for (const [i, one] of groupings[first.name].split(output as never, inputs).entries()) group[i]?.succeed(one)
  } else first.succeed(output)
}
