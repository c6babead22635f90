/** Entry of the mail worker: one job in, its result out. Killed from outside when it takes too long. */
import { parentPort } from 'node:worker_threads'
import { type MailReply, type MailRequest, READY, runMailJob } from '../mail/mail-job.ts'
import { runMjml } from '../mail/mjml.ts'
import { plainText } from '../mail/plain-text.ts'

if (parentPort === null) throw new RangeError('threads/mjml runs as a worker thread only')
const port = parentPort
port.on('message', async ({ id, job }: MailRequest) => {
  const reply: MailReply = { id, result: await runMailJob(job) }
  port.postMessage(reply)
})
// The first layout takes ten times as long as the second: that is nobody's letter's fault either.
await runMjml(
  '<mjml><mj-body><mj-section><mj-column><mj-text>Ready</mj-text></mj-column></mj-section></mj-body></mjml>',
)
await plainText('<p>Ready</p>')
port.postMessage(READY)
