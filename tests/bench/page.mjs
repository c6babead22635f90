// The page of docs/reports/bench.md.

/** @typedef {{ median: number, min: number, max: number }} Summary */
const range = (/** @type {Summary} */ it, unit = '') => `**${it.median}${unit}** (${it.min} to ${it.max})`
const ratio = (/** @type {number} */ a, /** @type {number} */ b) => `${(a / b).toFixed(2)} x`

/** @param {any} result what scripts/bench.mjs measured @returns {string} */
export function benchPage({ machine, activations, mails, farAway }) {
  const mailRows = [
    ['on this machine', mails],
    [`${farAway.replyDelayMs / 2} ms on average to every reply`, farAway],
  ].map(([what, it]) => mailRow(what, it))
  return `# Benchmark

\`npm run bench\` on ${machine.at.slice(0, 16).replace('T', ' ')} UTC: ${machine.cpu}, ${machine.memoryGb} GB, Node ${machine.node}, kernel ${machine.kernel}; load
average before the start ${machine.load.join(', ')}.${machine.quick ? ' **Quick sizes: not the figures to quote.**' : ''} Machines differ, and this one is shared: compare CPU time and ratios, not wall time.

## Activations
${activations.contacts.toLocaleString('en')} contacts with twelve attributes, ${activations.contacts.toLocaleString('en')} waiting, ${activations.batch.toLocaleString('en')} due at one instant; wait, branch on an attribute, two times
of three an email into the outbox, wait. Synchronous FULL. Database ${activations.databaseMb} MB. Median of ${activations.repeats} (least to most).

| | |
|---|---|
| CPU microseconds of the writer thread per activation (at most 100) | ${range(activations.writerCpuUsEach)} |
| CPU microseconds of the whole process, pages included | ${range(activations.processCpuUsEach)} |
| activations a second, wall | ${range(activations.perSecond)} |
| GET p99 while the writer is saturated, no mail (below 30 ms) | ${range(activations.pagesP99Ms, ' ms')} |
| GET p50 meanwhile | ${range(activations.pagesP50Ms, ' ms')} |
| GET p50 / p99 with nothing else to do | ${activations.idlePages.p50} / ${activations.idlePages.p99} ms |
| peak memory | ${activations.memoryMib} MiB |
| mixed: activations and mail at once: GET p50 / p99 | ${activations.mixed.pages.p50} / ${activations.mixed.pages.p99} ms |
| mixed: activations / mails a second | ${activations.mixed.perSecond} / ${activations.mixed.mailsPerSecond} |

Pages with nothing else to do, p99 in ms: ${pagesOf(activations.idlePages)}.
Pages while the writer is saturated (last run), p99 in ms: ${pagesOf(activations.pages.at(-1))}.
Pages in the mixed case, p99 in ms: ${pagesOf(activations.mixed.pages)}.

## Mails
${mails.mails.toLocaleString('en')} mails of ${Math.round(mails.htmlBytes / 1_000)} KB HTML: people are imported and added, then three emails each a second apart, rendered, with links and
opens tracked, headers, dot marks, SMTP over ${mails.connections} connections without TLS. The reference is nodemailer's pooled \`sendMail({ html, text })\` of
the same HTML over as many connections, to the same kind of sink, in alternation; it renders nothing, tracks nothing and remembers nothing.

| | mails a second, import to last reply | CPU microseconds a mail, busiest thread | CPU, whole process | nodemailer: mails a second | nodemailer: CPU | CPU, busiest thread : nodemailer |
|---|---|---|---|---|---|---|
${mailRows.join('\n')}

CPU microseconds a mail of the four busiest threads in the first run: ${mails.product.threadsUsEach.join(', ')}. Peak memory ${mails.product.memoryMib} MiB.

## Method
The product is the built one in a process of its own, measured from outside: CPU time of each thread from the kernel's scheduler
statistics, memory from its high-water mark. People are put into the database by SQL in the shape the product writes; they come due on the
wall clock. Pages are asked for by another process, 100 a second at a fixed rate, and timed from when they were due, so a stall is not
hidden; client and connection are part of the figure. The sink is a third process. All share the two cores.

Not measured: TLS, DKIM, PostgreSQL, ten million waiting, more than one machine.
`
}

function mailRow(/** @type {string} */ what, /** @type {any} */ { product, reference }) {
  const cells = [
    what,
    range(product.perSecond),
    range(product.senderCpuUsEach),
    range(product.processCpuUsEach),
    range(reference.perSecond),
    range(reference.processCpuUsEach),
    ratio(product.senderCpuUsEach.median, reference.processCpuUsEach.median),
  ]
  return `| ${cells.join(' | ')} |`
}

function pagesOf(/** @type {any} */ pages) {
  return Object.entries(pages.byPath)
    .map(([path, it]) => `\`${path}\` ${/** @type {any} */ (it).p99}`)
    .join(', ')
}
