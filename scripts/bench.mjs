// `npm run bench`: measures the built product and its references, writes docs/reports/bench.json and bench.md.
//   [--quick] [--no-report] [--mail-contacts 4000] three mails to each, in every run of the sender
//   [--memory] only that of 100,000 queued mails, from the first to the last, with its slope: docs/reports/bench-memory.json
//   [--waiting 10000000] instead of all that: what a due step costs beside a million waiting and beside so many
//   [--imports 500000] instead of all that: rows a second of a list of so many people, new and known

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, freemem, loadavg, release, totalmem } from 'node:os'
import { benchActivations } from '../tests/bench/activations.mjs'
import { benchImports } from '../tests/bench/imports.mjs'
import { benchMails, benchMemory } from '../tests/bench/mails.mjs'
import { benchPage } from '../tests/bench/page.mjs'
import { ROOT, run } from './run.mjs'

const isQuick = process.argv.includes('--quick')
const mailContacts = Number(process.argv[process.argv.indexOf('--mail-contacts') + 1]) || (isQuick ? 500 : 4_000)
if ((await run(process.execPath, ['scripts/build.mjs', '--if-changed'])) !== 0) process.exit(1)
const log = (/** @type {string} */ line) => console.log(`  ${line}`)
const machine = {
  at: new Date().toISOString(),
  cpu: `${cpus().length} x ${cpus()[0]?.model.trim()}`,
  memoryGb: Math.round(totalmem() / 1e9),
  freeGb: Math.round(freemem() / 1e9),
  load: loadavg().map((n) => Number(n.toFixed(2))),
  kernel: release(),
  node: process.versions.node,
  quick: isQuick,
}

const instead = (/** @type {string} */ name) => Number(process.argv[process.argv.indexOf(name) + 1]) || 0
if (process.argv.includes('--imports')) {
  console.log(JSON.stringify(await benchImports({ rows: instead('--imports'), again: true, log }), null, 2))
  process.exit(0)
}
if (process.argv.includes('--waiting')) {
  const costs = []
  for (const contacts of [Math.min(1_000_000, instead('--waiting')), instead('--waiting')]) {
    const { writerCpuUsEach, perSecond, pagesP99Ms, databaseMb } = await benchActivations({
      contacts,
      batch: 50_000,
      log,
    })
    costs.push({ waiting: contacts, databaseMb, writerCpuUsEach, perSecond, pagesP99Ms })
  }
  const [few, many] = costs
  const ratio = (many?.writerCpuUsEach.median ?? 0) / (few?.writerCpuUsEach.median ?? 1)
  console.log(JSON.stringify({ machine, costs, ratio: Number(ratio.toFixed(2)) }, null, 2))
  process.exit(0)
}

if (process.argv.includes('--memory')) {
  const memory = { machine, memory: await benchMemory({ mails: isQuick ? 10_000 : 100_000, log }) }
  console.log(JSON.stringify(memory, null, 2))
  if (!process.argv.includes('--no-report')) {
    mkdirSync(`${ROOT}docs/reports`, { recursive: true })
    writeFileSync(`${ROOT}docs/reports/bench-memory.json`, `${JSON.stringify(memory, null, 2)}\n`)
  }
  process.exit(0)
}

console.log('Activations')
const activations = await benchActivations({
  contacts: isQuick ? 60_000 : 1_000_000,
  batch: isQuick ? 6_000 : 100_000,
  log,
})
console.log('Mails')
const mails = await benchMails({ contacts: mailContacts, repeats: isQuick ? 1 : 5, log })
console.log('Mails, 30 ms to every reply')
const farAway = await benchMails({ contacts: isQuick ? 200 : 1_000, repeats: 1, replyDelayMs: 60, log })

const result = { machine, activations, mails, farAway }
console.log(JSON.stringify(result, null, 2))
if (!process.argv.includes('--no-report')) {
  mkdirSync(`${ROOT}docs/reports`, { recursive: true })
  writeFileSync(`${ROOT}docs/reports/bench.json`, `${JSON.stringify(result, null, 2)}\n`)
  writeFileSync(`${ROOT}docs/reports/bench.md`, benchPage(result))
}
