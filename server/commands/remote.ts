/**
 * The carrier over a MessagePort, on the side of the callers; the writer's is serve.ts. Errors cross by name, status and details. Knows the
 * commands by their types only: a thread that sends them need not load what runs them.
 */
import type { MessagePort } from 'node:worker_threads'
import { RequestError } from '../../shared/errors.ts'
import type { SenderHint } from '../engine/protocol.ts'
import type { CommandInput, CommandName, CommandOutput, Commands } from './contract.ts'

export type Request = { id: number; name: CommandName; input: unknown }
export type SentError = {
  name: string
  status: number | null
  message: string
  details: Record<string, unknown>
  stack: string
}
export type Reply = { id: number; ok: true; output: unknown } | { id: number; ok: false; error: SentError }

/** Hear what the writer says between the replies (server/engine/protocol.ts, SenderHint). */
export function onSenderHint(port: MessagePort, hear: (hint: SenderHint) => void): void {
  port.on('message', (message: Reply | SenderHint) => {
    if ('kind' in message) hear(message)
  })
}

/** Send commands through `port`. When the port closes, what waits is rejected. */
export function connectCommands(port: MessagePort): Commands {
  const waiting = new Map<number, { succeed(output: unknown): void; fail(error: Error): void }>()
  let last = 0
  let isClosed = false
  port.on('message', (reply: Reply | SenderHint) => {
    if ('kind' in reply) return
    const caller = waiting.get(reply.id)
    if (caller === undefined) return
    waiting.delete(reply.id)
    if (reply.ok) caller.succeed(reply.output)
    else caller.fail(receivedError(reply.error))
  })
  port.on('close', () => {
    isClosed = true
    for (const caller of waiting.values()) caller.fail(new Error('The writer has stopped.'))
    waiting.clear()
  })
  return <N extends CommandName>(name: N, input: CommandInput<N>) =>
    new Promise<CommandOutput<N>>((succeed, fail) => {
      if (isClosed) {
        fail(new Error('The writer has stopped.'))
        return
      }
      last += 1
      // The reply to this id is this command's output, as the other side is the same registry.
      waiting.set(last, { succeed: (output) => succeed(output as CommandOutput<N>), fail })
      const request: Request = { id: last, name, input }
      port.postMessage(request)
    })
}

function receivedError({ name, status, message, details, stack }: SentError): Error {
  if (status !== null) return new RequestError(name, status, message, details)
  const error = new Error(message)
  error.name = name
  error.stack = stack
  return error
}
