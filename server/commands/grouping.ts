/**
 * Commands of several callers that may share one transaction, and so one commit to the disk: the marks of all sender lanes, results,
 * events. Each caller still gets exactly its own answer.
 */
import type { CommandInput, CommandName, CommandOutput } from './contract.ts'

type Grouping<N extends CommandName> = {
  join(inputs: readonly CommandInput<N>[]): CommandInput<N>
  /** One output per input, in order. */
  split(output: CommandOutput<N>, inputs: readonly CommandInput<N>[]): CommandOutput<N>[]
  /** How many items one transaction takes. */
  size(input: CommandInput<N>): number
}

/** More than this in one transaction would keep a dot mark waiting (ENGINE.md 3.3: 100 or 5 ms). */
export const LARGEST_GROUP = 100

export const groupings: { readonly [N in 'mark-dots' | 'finish-messages' | 'record-events']: Grouping<N> } = {
  'mark-dots': {
    join: (inputs) => ({ marks: inputs.flatMap(({ marks }) => marks) }),
    split: ({ verdicts }, inputs) =>
      slices(
        verdicts,
        inputs.map(({ marks }) => marks.length),
      ).map((part) => ({ verdicts: part })),
    size: ({ marks }) => marks.length,
  },
  'finish-messages': {
    join: (inputs) => ({ finished: inputs.flatMap(({ finished }) => finished) }),
    split: (_, inputs) => inputs.map(() => null),
    size: ({ finished }) => finished.length,
  },
  'record-events': {
    join: (inputs) => ({ events: inputs.flatMap(({ events }) => events) }),
    split: ({ events }, inputs) =>
      slices(
        events,
        inputs.map((input) => input.events.length),
      ).map((part) => ({ events: part })),
    size: ({ events }) => events.length,
  },
}

export type GroupedName = keyof typeof groupings
export const isGrouped = (name: CommandName): name is GroupedName => Object.hasOwn(groupings, name)

function slices<T>(items: readonly T[], lengths: readonly number[]): T[][] {
  let from = 0
  return lengths.map((length) => {
    const part = items.slice(from, from + length)
    from += length
    return part
  })
}
