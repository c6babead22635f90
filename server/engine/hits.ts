/**
 * Fetches of links and pictures, judged by shared/message/hits.ts in the transaction that records them. What looks human is held for a
 * moment; once that is over without a sign of a machine it counts and wakes who waited for it. A sign that comes in between marks all that
 * hang together, before any of them has fired. One that comes later still corrects the numbers; what has fired has fired.
 */
import { type ContactId, fromColumn, type MessageId } from '../../shared/ids.ts'
import {
  chainOf,
  type Fetched,
  holdMs,
  type Look,
  MANY_MAILS,
  MANY_MAILS_WITHIN_MS,
  type MachineReason,
  machineChain,
  machineSign,
  personReason,
} from '../../shared/message/hits.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { OpenMessage } from '../db/hot/store.ts'
import { attempt } from './attempt.ts'
import type { Moment } from './context.ts'
import { recounted } from './count-hits.ts'
import { react } from './react.ts'

export type Hit = {
  kind: Look['kind']
  /** Of `seen`: the preference page, or the link nobody sees. */
  target: 'u' | 'h' | null
  linkNo: number | null
  url: string | null
  userAgent: string | null
  isPrefetch: boolean
  source: string | null
}

/** Nobody fetches one mail so often; what comes after that changes no answer and is not kept. */
const MOST_HITS = 1_000
/** Of one slice. */
export const SETTLED_AT_ONCE = 200
/** The longest chain the rules look at, in rows. */
const CHAIN_ROWS = 200

export async function recordHit(moment: Moment, message: OpenMessage, hit: Hit): Promise<void> {
  if (message.enrollmentId === null || (await hitsOf(moment, message.id)) >= MOST_HITS) return
  const sentAt = message.dotAt
  if (await staysHere(moment, message)) return recordAtHome(moment, message, hit)
  await recounted(moment, message, async () => {
    if (hit.kind === 'seen') await insertView(moment, message, hit.target ?? 'u')
    else await insertEvent(moment, message, hit, holdMs(moment.now, sentAt))
    await judgeChain(moment, message)
  })
  if (hit.kind === 'clicked' && hit.source !== null) await judgeSource(moment, hit.source)
}

/** The embedded inbox: no gateway stands between it and the person, so nothing has to be waited for. */
async function recordAtHome(moment: Moment, message: OpenMessage, hit: Hit): Promise<void> {
  const { kind } = hit
  if (kind === 'seen') return insertView(moment, message, hit.target ?? 'u')
  let sign: MachineReason | null = null
  await recounted(moment, message, async () => {
    sign = await insertEvent(moment, message, hit, 0)
  })
  if (sign === null) await fire(moment, message, kind)
}

async function staysHere({ tx }: Moment, { accountId }: OpenMessage): Promise<boolean> {
  const account = await tx.sql
    .selectFrom('sending_account')
    .select('kind')
    .where('id', '=', accountId)
    .executeTakeFirst()
  return account?.kind === 'inbox'
}

async function insertView({ tx, now }: Moment, message: OpenMessage, target: 'u' | 'h'): Promise<void> {
  await tx.sql
    .insertInto('link_view')
    .values({ part: message.part, contact_id: message.contactId, message_id: message.id, target, at: now })
    .execute()
}

/** @returns the sign of a machine, or null */
async function insertEvent(
  { tx, now }: Moment,
  message: OpenMessage,
  hit: Hit,
  heldMs: number,
): Promise<MachineReason | null> {
  const sign = machineSign({ ...hit, at: now, sentAt: message.dotAt })
  const isErased = (await tx.store.findContacts([message.contactId])).length === 0
  await tx.sql
    .insertInto('message_event')
    .values({
      part: message.part,
      contact_id: message.contactId,
      message_id: message.id,
      enrollment_id: message.enrollmentId,
      email_key: message.emailKey,
      kind: hit.kind,
      machine: sign === null ? 0 : 1,
      link_no: hit.linkNo,
      url: isErased ? null : hit.url,
      user_agent: isErased ? null : hit.userAgent,
      source: isErased ? null : hit.source,
      at: now,
      reason: sign ?? personReason(hit.userAgent),
      held_until: sign === null && heldMs > 0 ? now + heldMs : null,
    })
    .execute()
  return sign
}

/** Mark all that hang together as a machine's, or hold them all until the newest is settled. */
async function judgeChain(moment: Moment, message: OpenMessage): Promise<void> {
  const sentAt = message.dotAt
  const chain = chainOf(await fetchesOf(moment, message.id), sentAt)
  const reason = machineChain(chain, { sentAt, targets: await targetsOf(moment, message) })
  const ids = chain.flatMap((row) => (row.isPersons && row.eventId !== null ? [row.eventId] : []))
  if (ids.length === 0) return
  const events = moment.tx.sql.updateTable('message_event').where('id', 'in', ids)
  if (reason !== null) await events.set({ machine: 1, reason, held_until: null }).execute()
  else {
    const heldUntil = moment.now + holdMs(moment.now, sentAt)
    await events.set({ held_until: heldUntil }).where('held_until', 'is not', null).execute()
  }
}

type FetchRow = Fetched & { eventId: number | null; isPersons: boolean }

/** Newest first. */
async function fetchesOf({ tx }: Moment, id: MessageId): Promise<FetchRow[]> {
  const events = await tx.sql
    .selectFrom('message_event')
    .select(['id', 'kind', 'link_no', 'machine', 'at'])
    .where('message_id', '=', id)
    .where('kind', 'in', ['opened', 'clicked'])
    .orderBy('id', 'desc')
    .limit(CHAIN_ROWS)
    .execute()
  const views = await tx.sql
    .selectFrom('link_view')
    .select(['target', 'at'])
    .where('message_id', '=', id)
    .orderBy('id', 'desc')
    .limit(CHAIN_ROWS)
    .execute()
  return [
    ...events.map((row) => ({
      target: row.kind === 'opened' ? 'o' : String(row.link_no),
      at: row.at,
      eventId: row.id,
      isPersons: row.machine === 0,
    })),
    ...views.map((row) => ({ target: row.target, at: row.at, eventId: null, isPersons: false })),
  ]
}

async function hitsOf({ tx }: Moment, id: MessageId): Promise<number> {
  const count = (table: 'message_event' | 'link_view') =>
    tx.sql
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('message_id', '=', id)
      .executeTakeFirstOrThrow()
  return Number((await count('message_event')).n) + Number((await count('link_view')).n)
}

/** Links of the mail in the default language, and the preference page where the mail shows one. */
async function targetsOf({ tx }: Moment, { workflowId, version, emailKey, lane }: OpenMessage): Promise<number> {
  const row = await tx.sql
    .selectFrom('version_email')
    .select('links')
    .where('workflow_id', '=', workflowId)
    .where('version', '=', version)
    .where('email_key', '=', emailKey)
    .where('locale', '=', '')
    .executeTakeFirst()
  const links = row === undefined ? [] : (JSON.parse(row.links) as (string | null)[])
  return links.length + (lane === 0 ? 0 : 1)
}

/** Many mails opened up from one address at once: all of these clicks are a machine's. */
async function judgeSource(moment: Moment, source: string): Promise<void> {
  const rows = await moment.tx.sql
    .selectFrom('message_event')
    .select(['id', 'message_id', 'machine'])
    .where('source', '=', source)
    .where('at', '>=', moment.now - MANY_MAILS_WITHIN_MS)
    .orderBy('at', 'desc')
    .limit(CHAIN_ROWS)
    .execute()
  if (new Set(rows.map((row) => row.message_id)).size < MANY_MAILS) return
  const persons = rows.filter((row) => row.machine === 0)
  const ids = [...new Set(persons.map((row) => fromColumn<MessageId>(row.message_id)))]
  for (const message of await moment.tx.store.findMessages(ids)) {
    await recounted(moment, message, async () => {
      await moment.tx.sql
        .updateTable('message_event')
        .set({ machine: 1, reason: 'many-mails' satisfies MachineReason, held_until: null })
        .where(
          'id',
          'in',
          persons.filter((row) => row.message_id === message.id).map((row) => row.id),
        )
        .execute()
    })
  }
}

/** What was held and is now taken for a person's: it counts, and whoever waited for it goes on. Answers how many hits. */
export async function settleHits(moment: Moment): Promise<number> {
  const { tx, now } = moment
  const due = await tx.sql
    .selectFrom('message_event')
    .select(['id', 'message_id', 'kind'])
    .where('held_until', 'is not', null)
    .where('held_until', '<=', now)
    .orderBy('held_until')
    .limit(SETTLED_AT_ONCE)
    .execute()
  const byMessage = new Map<MessageId, typeof due>()
  for (const row of due) {
    const id = fromColumn<MessageId>(row.message_id)
    byMessage.set(id, [...(byMessage.get(id) ?? []), row])
  }
  for (const message of await tx.store.findMessages([...byMessage.keys()]))
    await settleCarefully(moment, message, byMessage.get(message.id) ?? [])
  return due.length
}

type HeldRow = { id: number; kind: string }

/** A mail whose reaction cannot be written is settled without one and says so: it must not stop all others for ever. */
async function settleCarefully(moment: Moment, message: OpenMessage, rows: readonly HeldRow[]): Promise<void> {
  const settled = await attempt(moment, async (inside) => {
    await release(inside, message, rows, {})
    const kinds = new Set(rows.map(({ kind }) => kind))
    for (const did of ['opened', 'clicked'] as const) if (kinds.has(did)) await fire(inside, message, did)
  })
  if (!settled.ok) await release(moment, message, rows, { reason: 'error' })
}

async function release(moment: Moment, message: OpenMessage, rows: readonly HeldRow[], more: { reason?: string }) {
  const ids = rows.map((row) => row.id)
  await recounted(moment, message, async () => {
    await moment.tx.sql
      .updateTable('message_event')
      .set({ held_until: null, ...more })
      .where('id', 'in', ids)
      .execute()
  })
}

async function fire(moment: Moment, message: OpenMessage, did: 'opened' | 'clicked'): Promise<void> {
  const contactId: ContactId = message.contactId
  if ((await moment.tx.store.findContacts([contactId])).length === 0) return
  await react(moment, contactId, { kind: 'message', email: message.emailKey, did })
}

/** When the next held hit is settled; null: none is held. */
export async function nextSettleAt({ tx }: Pick<Moment, 'tx'>): Promise<Instant | null> {
  const row = await tx.sql
    .selectFrom('message_event')
    .select('held_until')
    .where('held_until', 'is not', null)
    .orderBy('held_until')
    .limit(1)
    .executeTakeFirst()
  return row?.held_until ?? null
}
