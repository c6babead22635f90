/** The control: a sender that lets the final dot leave without a mark in the database. Only the test's own build contains it. */
import type { Commands } from '../../server/commands/contract.ts'
import { type Sender, type SenderOptions, startSender as startRealSender } from '../../server/outbox/sender.ts'

export function startSender(options: SenderOptions): Sender {
  return startRealSender({ ...options, commands: withoutMarks(options.commands) })
}

function withoutMarks(commands: Commands): Commands {
  const answer = (name: string, input: unknown) => {
    if (name !== 'mark-dots') return commands(name as 'mark-dots', input as never)
    const { marks } = input as { marks: readonly { id: number }[] }
    return Promise.resolve({ verdicts: marks.map(({ id }) => ({ id, ok: true })) })
  }
  return answer as Commands
}
