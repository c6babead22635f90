/** Entry of the mail worker: one job in, its result out. Killed from outside when it takes too long. */
import { parentPort } from 'node:worker_threads'
import { type MailReply, type MailRequest, READY, runMailJob } from '../mail/mail-job.ts'

if (parentPort === null) throw new RangeError('threads/mjml runs as a worker thread only')
const port = parentPort
port.on('message', async ({ id, job }: MailRequest) => {
  const reply: MailReply = { id, result: await runMailJob(job) }
  port.postMessage(reply)
})
port.postMessage(READY)
