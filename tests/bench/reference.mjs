// The reference: nodemailer's pooled sendMail({ html, text }) to the same sink, as a process of its own.
//   node tests/bench/reference.mjs PORT MAILS CONNECTIONS PEOPLE < html
import { readFileSync } from 'node:fs'
import { createTransport } from 'nodemailer'

const [port = '0', mails = '1000', connections = '10', people = '1000'] = process.argv.slice(2)
const html = readFileSync(0, 'utf8')
const transport = createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Number.POSITIVE_INFINITY,
})
const text = html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const send = (/** @type {number} */ n) =>
  transport.sendMail({
    from: 'news@perennial.example',
    to: `p${n % Number(people)}@people.example`,
    subject: `Mail ${n}`,
    html: html.replaceAll('Person 0', `Person ${n}`),
    text,
  })

await Promise.all(Array.from({ length: 450 }, (_, n) => send(n))) // warm
const before = process.cpuUsage()
const startedAt = performance.now()
let next = 0
const total = Number(mails)
await Promise.all(
  Array.from({ length: Number(connections) * 2 }, async () => {
    while (next < total) await send(next++)
  }),
)
const seconds = (performance.now() - startedAt) / 1_000
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ mails: total, seconds, cpuUs: user + system }))
transport.close()
