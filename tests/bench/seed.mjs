// Fills a database of the product with many people waiting, by SQL, in the same shape the product writes: a million are there in a minute.
import Database from 'better-sqlite3'
import { loadSource } from '../../scripts/load-source.mjs'

/** Two thirds of the people are on the plan `pro`, so two activations of three queue an email. */
export const waitingWorkflow = () => ({
  format: 'perennial.workflow/1',
  name: 'Many waiting',
  settings: { reentry: 'once', concurrency: 'one' },
  triggers: [{ id: 't1', kind: 'manual' }],
  start: 'rest',
  steps: [
    { id: 'rest', kind: 'wait', for: 'P1D', next: 'which' },
    {
      id: 'which',
      kind: 'branch',
      paths: [
        { id: 'pro', label: 'Pro', when: { attribute: 'plan', is: 'equals', value: 'pro' }, next: 'offer' },
        { id: 'free', label: 'Free', when: { attribute: 'plan', is: 'equals', value: 'free' }, next: 'long' },
      ],
      otherwise: 'long',
    },
    { id: 'offer', kind: 'send-email', email: 'offer', next: 'long' },
    { id: 'long', kind: 'wait', for: 'P30D', next: 'bye' },
    { id: 'bye', kind: 'exit', reason: 'done' },
  ],
  emails: {
    offer: {
      subject: 'For {{ contact.first_name | default: "you" }}',
      mjml: `<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ contact.first_name | default: "there" }}.
        <a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ sender.postal_address }}</mj-text></mj-column></mj-section></mj-body></mjml>`,
    },
  },
})

/**
 * @param {{ path: string, workflowId: number, contacts: number, batch: number, dueAt: readonly number[], now: number }} options
 *   `dueAt`: so many batches of `batch` people come due at these instants; all others in 20 days
 */
export async function seedWaiting({ path, workflowId, contacts, batch, dueAt, now }) {
  const { partOf } = await loadSource('shared/ids.ts')
  const database = new Database(path)
  database.pragma('synchronous = OFF')
  const numbers = /** @type {{ no: number, step_id: string }[]} */ (
    database.prepare('SELECT no, step_id FROM workflow_step WHERE workflow_id = ?').all(workflowId)
  )
  const rest = numbers.find((row) => row.step_id === 'rest')?.no
  const contact = database.prepare(
    `INSERT INTO contact (id, part, email, external_id, name_folded, email_folded, timezone, locale, attributes, tags, consent,
       suppression, created_at, updated_at)
     VALUES (?, ?, ?, NULL, ?, ?, 'Europe/Berlin', 'en', ?, '["newsletter"]', '{"marketing":"granted"}', 'none', ?, ?)`,
  )
  const identity = database.prepare(
    "INSERT INTO contact_identity (kind, value, part, contact_id) VALUES ('email', ?, ?, ?)",
  )
  const enrollment = database.prepare(
    `INSERT INTO enrollment (part, contact_id, workflow_id, version, entry_no, slot, step_no, status, is_waiting, due_at, arrived_at,
       entered_at, seq) VALUES (?, ?, ?, 1, 1, '', ?, 'active', 1, ?, ?, ?, 1)`,
  )
  const log = database.prepare(
    "INSERT INTO enrollment_log (part, contact_id, enrollment_id, seq, at, input, path, messages) VALUES (?, ?, ?, 1, ?, 'timer', ?, 0)",
  )
  const enteredAt = now - 86_400_000
  const DAYS_20 = 20 * 86_400_000
  const insert = database.transaction((/** @type {number} */ from, /** @type {number} */ to) => {
    for (let id = from; id <= to; id++) {
      const part = partOf(id)
      // Spread over the ids, as it is in life: due people sit on pages all over the file.
      const turn = (id * 7_919) % contacts
      const due = dueAt[Math.floor(turn / batch)] ?? now + DAYS_20 + (id % 86_400) * 1_000
      const email = `person${id}@people.example`
      contact.run(id, part, email, `person ${id}`, email, attributesOf(id), enteredAt, enteredAt)
      identity.run(email, part, id)
      const { lastInsertRowid } = enrollment.run(part, id, workflowId, rest, due, enteredAt, enteredAt)
      const path = JSON.stringify([{ step: rest, at: enteredAt, outcome: 'arrived', why: 'waits', until: due }])
      log.run(part, id, lastInsertRowid, enteredAt, path)
    }
  })
  const CHUNK = 20_000
  for (let from = 1; from <= contacts; from += CHUNK) insert(from, Math.min(from + CHUNK - 1, contacts))
  const hour = Math.floor(enteredAt / 3_600_000) * 3_600_000
  const stat = database.prepare(
    'INSERT INTO step_stat (workflow_id, version, step_no, hour, metric, worker, n) VALUES (?, 1, ?, ?, ?, 0, ?)',
  )
  for (const no of [0, rest]) stat.run(workflowId, no, hour, 'entered', contacts)
  database.exec('ANALYZE')
  database.close()
}

/**
 * A past for everybody in the database: events, sent messages, opens; what the pages of one person and the log of messages read.
 *
 * @param {{ path: string, workflowId: number, contacts: number, messagesEach: number, now: number }} options
 */
export async function seedPast({ path, workflowId, contacts, messagesEach, now }) {
  const { partOf } = await loadSource('shared/ids.ts')
  const database = new Database(path)
  database.pragma('synchronous = OFF')
  const event = database.prepare(
    "INSERT INTO event (part, contact_id, name, properties, occurred_at, recorded_at) VALUES (?, ?, 'Order placed', '{\"total\":42}', ?, ?)",
  )
  const message = database.prepare(
    `INSERT INTO message (part, contact_id, enrollment_id, seq, k, workflow_id, version, step_no, email_key, account_id, lane, status,
       attempt, not_before, expires_at, created_at, finished_at, recipient)
     VALUES (?, ?, ?, ?, 0, ?, 1, 3, 'offer', 1, 1, 'sent', 1, ?, ?, ?, ?, ?) RETURNING id`,
  )
  const open = database.prepare(
    `INSERT INTO message_event (part, contact_id, message_id, enrollment_id, email_key, kind, machine, at)
     VALUES (?, ?, ?, ?, 'offer', 'opened', 0, ?)`,
  )
  const insert = database.transaction((/** @type {number} */ from, /** @type {number} */ to) => {
    for (let n = from; n < to; n++) {
      const id = ((n * 7_919) % contacts) + 1
      const [part, at] = [partOf(id), now - 86_400_000 + (n % 80_000)]
      event.run(part, id, at, at)
      const seq = 100 + Math.floor(n / contacts)
      const row = /** @type {{ id: number }} */ (
        message.get(part, id, id, seq, workflowId, at, at + 1e9, at, at, `person${id}@people.example`)
      )
      if (n % 3 === 0) open.run(part, id, row.id, id, at + 1_000)
    }
  })
  const CHUNK = 20_000
  const total = contacts * messagesEach
  for (let from = 0; from < total; from += CHUNK) insert(from, Math.min(from + CHUNK, total))
  database.exec('ANALYZE')
  database.close()
}

/** Twelve attributes, about 300 bytes of JSON. */
function attributesOf(/** @type {number} */ id) {
  return JSON.stringify({
    first_name: `Person ${id}`,
    last_name: `Number${id % 1_000}`,
    plan: id % 3 === 0 ? 'free' : 'pro',
    company: `Company ${id % 5_000} Limited`,
    city: ['Berlin', 'Hanoi', 'Taipei', 'Lyon'][id % 4],
    country: ['DE', 'VN', 'TW', 'FR'][id % 4],
    orders: id % 17,
    spent: (id * 37) % 100_000,
    renewal_on: `2027-${String(1 + (id % 12)).padStart(2, '0')}-15`,
    source: 'import',
    industry: ['retail', 'software', 'food'][id % 3],
    newsletter: id % 2 === 0,
  })
}
