/** Entry of the MJML worker: one source in, HTML and findings out. Killed from outside when it takes too long. */
import { parentPort } from 'node:worker_threads'
import { type MjmlReply, type MjmlRequest, runMjml } from '../mail/mjml.ts'

if (parentPort === null) throw new RangeError('threads/mjml runs as a worker thread only')
const port = parentPort
port.on('message', async ({ id, mjml }: MjmlRequest) => {
  const reply: MjmlReply = { id, result: await runMjml(mjml) }
  port.postMessage(reply)
})
