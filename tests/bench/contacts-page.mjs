// The page of docs/reports/contacts.md, of what many-contacts.mjs measured; each part keeps its last figures in contacts.json beside it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { ROOT } from '../../scripts/run.mjs'

const FILE = `${ROOT}docs/reports/contacts`
const START_LOAD = loadavg()

/** @param {'many' | 'imports'} part @param {unknown} result */
export function writeReport(part, result) {
  /** @type {Record<string, unknown>} */
  const kept = existsSync(`${FILE}.json`) ? JSON.parse(readFileSync(`${FILE}.json`, 'utf8')) : {}
  const machine = {
    at: new Date().toISOString().slice(0, 16).replace('T', ' '),
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    loadBefore: START_LOAD.map((load) => load.toFixed(1)).join(', '),
    loadAfter: loadavg()
      .map((load) => load.toFixed(1))
      .join(', '),
  }
  const parts = { ...kept, [part]: { machine, result } }
  writeFileSync(`${FILE}.json`, `${JSON.stringify(parts, null, 2)}\n`)
  writeFileSync(`${FILE}.md`, pageOf(parts))
}

const number = (/** @type {number} */ n) => n.toLocaleString('en')
const measured = (/** @type {any} */ { at, cpu, node, loadBefore, loadAfter }) =>
  `Measured on ${at} UTC: ${cpu}, Node ${node}; load average ${loadBefore} before and ${loadAfter} after. The machine is shared: compare CPU time, not wall time.`

function pageOf(/** @type {any} */ { many, imports }) {
  const parts = [
    '# A million contacts\n\nWritten by `node tests/bench/many-contacts.mjs --report` and `--imports --report`; not by hand.\n',
  ]
  if (many !== undefined) parts.push(manyPart(many))
  if (imports !== undefined) parts.push(importsPart(imports))
  return parts.join('\n')
}

function manyPart(/** @type {any} */ { machine, result }) {
  const { contacts, databaseMb, seedSeconds, idlePercent, idleSeconds, pages, exports, wal } = result
  const rows = Object.entries(pages.byPath).map(([path, it]) => {
    const { n, p50, p95, p99 } = /** @type {any} */ (it)
    return `| \`${path}\` | ${n} | ${p50} | ${p95} | ${p99} |`
  })
  const exported = exports.map(
    (/** @type {any} */ it) =>
      `| ${it.format} | ${number(it.lines)} | ${it.megabytes} | ${it.seconds} | ${it.cpuUsPerContact} | ${it.beforeMib} | ${it.quartersMib.join(', ')} | ${it.peakMib} |`,
  )
  return `## Pages, idling, exports

${measured(machine)}

${number(contacts)} contacts, each waiting in a workflow and with two events and two sent messages: a database of ${number(databaseMb)} MB, filled by
SQL in ${seedSeconds} s in the shape the product writes, with its statistics.

- **Idle**: ${idlePercent} % of a core over ${idleSeconds} s with ${number(contacts)} waiting (at most 0.5 %).
- **Pages** (p95 below 300 ms): p50 ${pages.p50}, p95 ${pages.p95}, p99 ${pages.p99}, longest ${pages.max} ms over ${pages.n} requests, ${pages.failed} failed.
- **Write-ahead log** (64 MB): at most ${wal.largestMb} MB while ${number(wal.rows)} rows were imported beside ${wal.readers} exports that overlap.

| page | requests | p50 ms | p95 ms | p99 ms |
|---|---|---|---|---|
${rows.join('\n')}

| export | lines | MB | seconds | CPU us a contact | memory before, MiB | at each quarter | highest |
|---|---|---|---|---|---|---|---|
${exported.join('\n')}

Method: the built product in a process of its own, CPU time from the kernel's scheduler statistics, memory resident with all threads. Pages are
asked for by another process at 20 a second for 20 s, in turn, and timed from when they were due. Before each export the product is started anew.
`
}

function importsPart(/** @type {any} */ { machine, result }) {
  const rowOf = (/** @type {string} */ name, /** @type {any} */ it) =>
    `| ${name} | ${number(it.rowsPerSecond)} | ${it.cpuUsPerRow} | ${Object.entries(it.cpuUsByThread)
      .map(([thread, us]) => `${thread} ${us}`)
      .join(
        ', ',
      )} | ${it.memoryMib.map((/** @type {any} */ [rows, mib]) => `${number(rows)}: ${mib}`).join(', ')} | ${it.walMb} | ${it.pages.p50} / ${it.pages.p99} |`
  return `## Imports

${measured(machine)}

A CSV file of ${number(result.rows)} rows and twelve columns (${result.megabytes} MB), addresses in no order, with external ids and tags, consent granted. The target is
20,000 rows a second in flat memory.

| | rows a second | CPU us a row | of which | memory in MiB after so many rows | write-ahead log, MB at most | pages meanwhile, p50 / p99 ms |
|---|---|---|---|---|---|---|
${[rowOf('new people', result.first), ...(result.second === null ? [] : [rowOf('the same list again', result.second)])].join('\n')}
`
}
