/** Mail jobs in a worker thread that is killed when it takes too long or too much memory, and replaced now and then so that it never grows. */
import { Worker } from 'node:worker_threads'
import { type MailJob, type MailReply, type MailRequest, type MailResult, runMailJob } from './mail-job.ts'

/** `given-up`: it took too long, or the thread died of it. */
export type MailRunner = { run(job: MailJob): Promise<MailResult | 'given-up'>; close(): Promise<void> }

const JOBS_PER_WORKER = 400
const IDLE_MS = 30_000
/** A layout of 1 MB compiles within 150 MB; what wants more is no letter. */
const WORKER_HEAP_MB = 256

/** In this thread: only where hostile input cannot come, as in tests. */
export const inlineMail: MailRunner = { run: runMailJob, close: () => Promise.resolve() }

/** @param workerUrl  the built server/threads/mjml.ts */
export function mailWorker(workerUrl: URL, timeoutMs: number): MailRunner {
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

  async function runOne(job: MailJob): Promise<MailResult | 'given-up'> {
    clearTimeout(idle)
    if (used >= JOBS_PER_WORKER) await stop()
    worker ??= new Worker(workerUrl, { resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB } })
    used += 1
    const result = await ask(worker, { id: ++lastId, job }, timeoutMs)
    if (result === 'given-up') await stop()
    else idle = setTimeout(stop, IDLE_MS).unref()
    return result
  }

  return {
    // One at a time: this is pure CPU, two at once would only make both late.
    run(job) {
      const result = queue.then(() => runOne(job))
      queue = Promise.allSettled([result])
      return result
    },
    close: stop,
  }
}

function ask(worker: Worker, request: MailRequest, timeoutMs: number): Promise<MailResult | 'given-up'> {
  return new Promise((resolve) => {
    const end = (result: MailResult | 'given-up') => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onError)
      resolve(result)
    }
    const onMessage = (reply: MailReply) => {
      if (reply.id === request.id) end(reply.result)
    }
    const onError = () => end('given-up')
    const timer = setTimeout(() => end('given-up'), timeoutMs)
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onError)
    worker.postMessage(request)
  })
}
