/** MJML in a worker thread that is killed when it takes too long, and replaced now and then so that it never grows. */
import { Worker } from 'node:worker_threads'
import { type MjmlReply, type MjmlRequest, type MjmlResult, runMjml } from './mjml.ts'

export type MjmlRunner = { run(mjml: string): Promise<MjmlResult>; close(): Promise<void> }

const COMPILES_PER_WORKER = 200
const IDLE_MS = 30_000

/** In this thread: only where hostile input cannot come, as in tests. */
export const inlineMjml: MjmlRunner = { run: runMjml, close: () => Promise.resolve() }

/** @param workerUrl  the built server/threads/mjml.ts */
export function mjmlWorker(workerUrl: URL, timeoutMs: number): MjmlRunner {
  let worker: Worker | null = null
  let used = 0
  let lastId = 0
  let idle: NodeJS.Timeout | undefined
  let queue: Promise<unknown> = Promise.resolve()

  async function stop(): Promise<void> {
    clearTimeout(idle)
    const gone = worker
    worker = null
    used = 0
    await gone?.terminate()
  }

  async function runOne(mjml: string): Promise<MjmlResult> {
    clearTimeout(idle)
    if (used >= COMPILES_PER_WORKER) await stop()
    worker ??= new Worker(workerUrl)
    used += 1
    const result = await ask(worker, { id: ++lastId, mjml }, timeoutMs)
    if (result === 'dead') await stop()
    else idle = setTimeout(stop, IDLE_MS).unref()
    if (result !== 'dead') return result
    return {
      ok: false,
      message: `it was given up after ${timeoutMs / 1_000} s; expected a layout that compiles in less`,
    }
  }

  return {
    // One at a time: compiling is pure CPU, two at once would only make both late.
    run(mjml) {
      const result = queue.then(() => runOne(mjml))
      queue = Promise.allSettled([result])
      return result
    },
    close: stop,
  }
}

function ask(worker: Worker, request: MjmlRequest, timeoutMs: number): Promise<MjmlResult | 'dead'> {
  return new Promise((resolve) => {
    const end = (result: MjmlResult | 'dead') => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onError)
      resolve(result)
    }
    const onMessage = (reply: MjmlReply) => {
      if (reply.id === request.id) end(reply.result)
    }
    const onError = () => end('dead')
    const timer = setTimeout(() => end('dead'), timeoutMs)
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onError)
    worker.postMessage(request)
  })
}
