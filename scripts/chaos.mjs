// `npm run chaos`: the long form of the kill test, by `npm start` itself, with its report in docs/reports/chaos.md.
//   [--contacts 4000] [--kills 20] [--seed 1] [--policy hold|resend] [--no-report]

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { buildWithoutDotMark } from '../tests/chaos/control.mjs'
import { runKillTest } from '../tests/chaos/kill.mjs'
import { ROOT, run } from './run.mjs'

const option = (/** @type {string} */ name, /** @type {string} */ standard) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? standard : (process.argv[at + 1] ?? standard)
}

if ((await run(process.execPath, ['scripts/build.mjs', '--if-changed'])) !== 0) process.exit(1)
const contacts = Number(option('contacts', '4000'))
const kills = Number(option('kills', '20'))
const seed = Number(option('seed', '1'))
const policies = option('policy', 'hold,resend').split(',')
const log = (/** @type {string} */ line) => console.log(`  ${line}`)
const patience = { quietWithinMs: 300_000, log }

/** @type {{ title: string, report: import('../tests/chaos/kill.mjs').KillReport, mustFail: boolean }[]} */
const runs = []
for (const policy of /** @type {('hold' | 'resend')[]} */ (policies)) {
  console.log(`${contacts} contacts x 3 mails, ${kills} kills of npm start, UNCERTAIN_SENDS=${policy}`)
  const report = await runKillTest({ contacts, kills, seed, policy, command: ['npm', 'start'], ...patience })
  runs.push({ title: policy, report, mustFail: false })
}
console.log('The control: the dot mark is not written')
const control = await buildWithoutDotMark()
try {
  const report = await runKillTest({ contacts, kills, seed, command: control.command, ...patience })
  runs.push({ title: 'control', report, mustFail: true })
} finally {
  control.remove()
}

for (const { title, report } of runs) console.log(title, JSON.stringify(report, null, 2))
if (!process.argv.includes('--no-report')) {
  mkdirSync(`${ROOT}docs/reports`, { recursive: true })
  writeFileSync(`${ROOT}docs/reports/chaos.md`, page())
}
const wrong = runs.filter(({ report, mustFail }) => report.ok === mustFail)
for (const { title } of wrong) console.error(`${title}: not as it must be`)
process.exit(wrong.length === 0 ? 0 : 1)

function page() {
  const rows = [
    ['SIGKILLs', (r) => r.kills],
    ['mails expected', (r) => r.expected],
    ['sent', (r) => r.sent],
    ['failed (550)', (r) => r.failed],
    ['skipped, by reason', (r) => reasons(r.skipped)],
    ['uncertain', (r) => r.uncertain],
    ['uncertain at most (kills x 10 connections + drops)', (r) => r.bound],
    ['of the uncertain, in fact received', (r) => r.uncertainArrived],
    ['**called sent, never received**', (r) => `**${r.lost}**`],
    ['received twice', (r) => r.repeated],
    ['**received twice, unreported**', (r) => `**${r.unreported}**`],
    ['connections dropped by the sink after the dot', (r) => r.drops],
    ['refused for now (451)', (r) => r.refusedForNow],
    ['cut off before their dot', (r) => r.cutInData],
    ['claimed but unmarked, given back at a start', (r) => r.boots.reduce((n, boot) => n + boot.requeued, 0)],
    ['wall seconds', (r) => r.seconds],
  ].map(([what, read]) => {
    const cell = /** @type {(r: import('../tests/chaos/kill.mjs').KillReport) => unknown} */ (read)
    return `| ${what} | ${runs.map(({ report }) => cell(report)).join(' | ')} |`
  })
  const found = runs.map(({ title, report }) => `- ${title}: ${report.problems.join('; ') || 'nothing'}`)
  return `# Kill test

\`npm run chaos\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim()}, kernel ${release()}.

The built product runs as \`npm start\` does; its process tree gets SIGKILL ${kills} times while ${contacts} people go through three
mails a second apart, over ten SMTP connections. The sink is another process. It answers after 0 to 25 ms, refuses 3 % for now and
1 % for good (half of them at RCPT, half after the dot), and takes 0.5 % and drops the connection without an answer. Seed ${seed}.

The control is the same product from an entry file of the test's own, in which the dot mark is answered but not written. It must be
caught, or the comparison proves nothing.

| | ${runs.map(({ title }) => title).join(' | ')} |
|---|${runs.map(() => '---|').join('')}
${rows.join('\n')}

What the comparison and the invariants (tests/chaos/invariants.mjs) found:
${found.join('\n')}

Not tested: power loss and kernel crashes (the database runs with \`synchronous=FULL\` for them), more than one machine.
`
}

function reasons(/** @type {Record<string, number>} */ skipped) {
  return Object.entries(skipped)
    .map(([reason, n]) => `${n} ${reason}`)
    .join(', ')
}
