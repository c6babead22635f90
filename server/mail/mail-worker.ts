/** Mail jobs in a worker thread that is killed when it takes too long or too much memory, and replaced now and then so that it never grows. */
import { Worker } from 'node:worker_threads'
import { type MailJob, type MailReply, type MailRequest, type MailResult, READY, runMailJob } from './mail-job.ts'

/** `given-up`: it took too long, or the thread died of it. */
export type MailRunner = { run(job: MailJob): Promise<MailResult | 'given-up'>; close(): Promise<void> }

const JOBS_PER_WORKER = 400
/** MJML loaded takes 50 MB, which are not wanted while what was published is sent. */
const IDLE_MS = 8_000
/** A layout of 1 MB compiles within 150 MB; what wants more is no letter. */
const WORKER_HEAP_MB = 256
/** Of what it has just made, where V8 would take 48. */
const WORKER_YOUNG_MB = 12

/** In this thread: only where hostile input cannot come, as in tests. */
export const inlineMail: MailRunner = { run: runMailJob, close: () => Promise.resolve() }

/** Loading MJML takes a second, and several on a busy machine: that is nobody's letter's fault. */
export type Patience = { startWithinMs: number; timeoutMs: number }

type Running = { worker: Worker; isUp: Promise<boolean>; used: number }

/** @param workerUrl  the built server/threads/mjml.ts */
export function mailWorker(workerUrl: URL, { startWithinMs, timeoutMs }: Patience): MailRunner {
  let running: Running | null = null
  let isClosed = false
  let lastId = 0
  let idle: NodeJS.Timeout | undefined
  let queue: Promise<unknown> = Promise.resolve()

  async function stop(): Promise<void> {
    clearTimeout(idle)
    const gone = running
    running = null
    await gone?.worker.terminate()
  }

  function start(): Running {
    const resourceLimits = { maxOldGenerationSizeMb: WORKER_HEAP_MB, maxYoungGenerationSizeMb: WORKER_YOUNG_MB }
    const worker = new Worker(workerUrl, { resourceLimits })
    const isUp = heard(worker, (said) => said === READY, startWithinMs).then((said) => said === READY)
    const started: Running = { worker, isUp, used: 0 }
    // Whoever waits for an answer hears of its death below; one that dies idle must not take the process along.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      if (running === started) running = null
    })
    running = started
    return started
  }

  async function runOne(job: MailJob): Promise<MailResult | 'given-up'> {
    clearTimeout(idle)
    if (isClosed) return 'given-up'
    if (running !== null && running.used >= JOBS_PER_WORKER) await stop()
    const current = running ?? start()
    current.used += 1
    const isUp = await current.isUp
    const result = isUp ? await ask(current.worker, { id: ++lastId, job }, timeoutMs) : 'given-up'
    if (result === 'given-up') {
      await stop()
      // The next letter need not wait until MJML is loaded. One that never came up is not tried again by itself.
      if (isUp && !isClosed) start()
    }
    idle = setTimeout(stop, IDLE_MS).unref()
    return result
  }

  return {
    // One at a time: this is pure CPU, two at once would only make both late.
    run(job) {
      const result = queue.then(() => runOne(job))
      queue = Promise.allSettled([result])
      return result
    },
    close() {
      isClosed = true
      return stop()
    },
  }
}

async function ask(worker: Worker, request: MailRequest, timeoutMs: number): Promise<MailResult | 'given-up'> {
  const isReply = (said: MailReply | typeof READY) => said !== READY && said.id === request.id
  const reply = heard(worker, isReply, timeoutMs)
  worker.postMessage(request)
  const said = await reply
  return said === 'given-up' || said === READY ? 'given-up' : said.result
}

/** The first message that `isIt` accepts, unless the thread dies or takes longer. */
function heard(
  worker: Worker,
  isIt: (said: MailReply | typeof READY) => boolean,
  withinMs: number,
): Promise<MailReply | typeof READY | 'given-up'> {
  return new Promise((resolve) => {
    const end = (said: MailReply | typeof READY | 'given-up') => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      worker.off('error', onEnd)
      worker.off('exit', onEnd)
      resolve(said)
    }
    const onMessage = (said: MailReply | typeof READY) => {
      if (isIt(said)) end(said)
    }
    const onEnd = () => end('given-up')
    const timer = setTimeout(onEnd, withinMs)
    worker.on('message', onMessage)
    worker.on('error', onEnd)
    worker.on('exit', onEnd)
  })
}
