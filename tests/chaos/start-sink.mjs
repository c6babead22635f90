// Starts tests/chaos/sink.mjs as a process of its own.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const SINK = fileURLToPath(new URL('./sink.mjs', import.meta.url))

/** No refusals, no drops, no delay: for measuring. */
export const WELL_BEHAVED = ['--temporary', '0', '--permanent', '0', '--drop', '0', '--delay', '0']

/** @param {readonly string[]} args options of the sink; @throws Error when it ends before it listens */
export async function startSink(args) {
  const child = spawn(process.execPath, [SINK, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the sink ended')
    return JSON.parse(value)
  }
  const { port } = await next()
  return {
    port: Number(port),
    pid: child.pid ?? 0,
    /** @returns {Promise<number>} messages taken so far */
    count: async () => {
      child.kill('SIGUSR2')
      return Number((await next()).count)
    },
    stop: () => child.kill('SIGKILL'),
  }
}
