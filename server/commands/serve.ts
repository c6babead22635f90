/** The carrier over a MessagePort, on the side of the writer thread: runs what callers (remote.ts) send. */
import type { MessagePort } from 'node:worker_threads'
import { RequestError } from '../../shared/errors.ts'
import type { CommandName, Commands } from './contract.ts'
import { registry } from './registry.ts'
import type { Reply, Request, SentError } from './remote.ts'

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
