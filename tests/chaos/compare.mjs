// Compares what the product says about its mail with what the sink received. Pure: two lists in, a verdict out.

/**
 * @typedef {import('./sink.mjs').Delivery} Delivery
 * @typedef {object} MessageRow one row of the product's outbox after the run
 * @property {string} key `enrollment.seq.k`, the start of its Message-ID
 * @property {string} status
 * @property {string | null} reason
 * @property {string | null} messageId as stored, without angle brackets
 * @property {boolean} doubted an attempt of it ended after the dot without an answer
 */

/** `<12.3.0.install@domain>` to `12.3.0`, the outbox key; '' when it is none of ours. */
export function keyOf(/** @type {string} */ messageId) {
  const [, key = ''] = /^<?(\d+\.\d+\.\d+)\.[^@]+@[^@>]+>?$/.exec(messageId) ?? []
  return key
}

/**
 * @param {{ rows: readonly MessageRow[], deliveries: readonly Delivery[], expected: number, kills: number, connections: number,
 *   policy: 'hold' | 'resend' }} run
 */
export function compare({ rows, deliveries, expected, kills, connections, policy }) {
  const arrivals = countBy(deliveries.filter(arrived).map((it) => keyOf(it.messageId)))
  const byKey = new Map(rows.map((row) => [row.key, row]))
  const statuses = countBy(rows.map((row) => row.status))
  const skipped = countBy(rows.filter((row) => row.status === 'skipped').map((row) => row.reason ?? 'unknown'))

  const arrived_ = (/** @type {MessageRow} */ row) => arrivals.get(row.key) ?? 0
  const lost = rows.filter((row) => row.status === 'sent' && arrived_(row) === 0)
  const repeated = rows.filter((row) => arrived_(row) > 1)
  const unreported = repeated.filter((row) => policy === 'hold' || !row.doubted)
  const denied = rows.filter((row) => !['sent', 'uncertain'].includes(row.status) && arrived_(row) > 0)
  const phantoms = [...arrivals.keys()].filter((key) => !byKey.has(key))
  const renamed = deliveries.filter(arrived).filter((it) => {
    const stored = byKey.get(keyOf(it.messageId))?.messageId
    return stored !== undefined && stored !== null && stored !== it.messageId.replace(/^<|>$/g, '')
  })
  const uncertain = rows.filter((row) => row.status === 'uncertain')
  const drops = deliveries.filter((it) => it.dropped).length
  const sum = count(statuses, 'sent') + count(statuses, 'failed') + count(statuses, 'uncertain') + total(skipped)
  const bound = kills * connections + drops

  /** @type {string[]} */
  const problems = []
  const expectNone = (/** @type {string} */ what, /** @type {readonly (MessageRow | Delivery | string)[]} */ found) => {
    const names = found.slice(0, 5).map((it) => (typeof it === 'string' ? it : 'key' in it ? it.key : it.messageId))
    if (found.length > 0) problems.push(`${found.length} ${what} (${names.join(', ')})`)
  }
  if (sum !== expected) problems.push(`sent + failed + skipped + uncertain is ${sum}, expected ${expected}`)
  for (const status of ['queued', 'sending', 'deferred']) {
    if (count(statuses, status) > 0) problems.push(`${count(statuses, status)} still ${status}`)
  }
  expectNone('called sent that the sink never had', lost)
  expectNone('received twice without a report', unreported)
  expectNone('received though the product says they were not sent', denied)
  expectNone('received that the product knows nothing of', phantoms)
  expectNone('received under another Message-ID', renamed)
  if (uncertain.length > bound)
    problems.push(
      `${uncertain.length} uncertain, more than ${kills} kills x ${connections} connections + ${drops} drops`,
    )

  return {
    ok: problems.length === 0,
    problems,
    expected,
    sent: count(statuses, 'sent'),
    failed: count(statuses, 'failed'),
    skipped: Object.fromEntries(skipped),
    uncertain: uncertain.length,
    uncertainArrived: uncertain.filter((row) => arrived_(row) > 0).length,
    lost: lost.length,
    repeated: repeated.length,
    unreported: unreported.length,
    drops,
    bound,
    refusedForNow: deliveries.filter((it) => it.code === 451).length,
    refusedForGood: deliveries.filter((it) => it.code === 550).length,
    cutInData: deliveries.filter((it) => !it.dot && it.code === null).length,
  }
}

/** @typedef {ReturnType<typeof compare>} Comparison */

/** The dot came and nothing refused it: the message exists at the receiver, whether or not the answer reached us. */
const arrived = (/** @type {Delivery} */ it) => it.dot && (it.code === 250 || it.code === null)

/** @returns {Map<string, number>} */
function countBy(/** @type {readonly string[]} */ names) {
  const counts = new Map()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
const count = (/** @type {Map<string, number>} */ counts, /** @type {string} */ name) => counts.get(name) ?? 0
const total = (/** @type {Map<string, number>} */ counts) => [...counts.values()].reduce((a, b) => a + b, 0)
