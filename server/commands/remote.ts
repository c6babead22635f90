/** The carrier over a MessagePort: callers on one side, the writer thread on the other. Errors cross by name, status and details. */
import type { MessagePort } from 'node:worker_threads'
import { RequestError } from '../../shared/errors.ts'
import type { SenderHint } from '../engine/protocol.ts'
import type { CommandInput, CommandName, CommandOutput, Commands } from './contract.ts'
import { registry } from './registry.ts'

type Request = { id: number; name: CommandName; input: unknown }
type SentError = {
  name: string
  status: number | null
  message: string
  details: Record<string, unknown>
  stack: string
}
type Reply = { id: number; ok: true; output: unknown } | { id: number; ok: false; error: SentError }

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

export type ServeOptions = {
  send: Commands
  /** Told of each command, before it runs (the writer watches for a sender at work). */
  onCommand?: (name: CommandName) => void
}

/** Run what arrives at `port`; each reply is posted after COMMIT. */
export function serveCommands(port: MessagePort, { send, onCommand }: ServeOptions): void {
  port.on('message', (request: Request) => {
    onCommand?.(request.name)
    void answer(send, request).then((reply) => port.postMessage(reply))
  })
}

async function answer(send: Commands, { id, name, input }: Request): Promise<Reply> {
  if (!Object.hasOwn(registry, name)) {
    return { id, ok: false, error: sentError(new RangeError(`There is no command ${JSON.stringify(name)}.`)) }
  }
  try {
    return { id, ok: true, output: await send(name, input as never) }
  } catch (error) {
    return { id, ok: false, error: sentError(error) }
  }
}

function sentError(error: unknown): SentError {
  if (error instanceof RequestError) {
    const { name, status, message, details, stack } = error
    return { name, status, message, details: { ...details }, stack: stack ?? '' }
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  return { name, status: null, message, details: {}, stack: stack ?? '' }
}

function receivedError({ name, status, message, details, stack }: SentError): Error {
  if (status !== null) return new RequestError(name, status, message, details)
  const error = new Error(message)
  error.name = name
  error.stack = stack
  return error
}
