/** What the sender reads besides its claims: accounts, the workspace, and compiled emails (immutable, so cached for good). */
import type { Kysely } from 'kysely'
import { type AccountId, fromColumn, type WorkflowId } from '../../shared/ids.ts'
import { type PreparedEmail, prepare } from '../../shared/message/render.ts'
import { asSecurity, type Security } from '../../shared/message/smtp-url.ts'
import type { CompiledEmail } from '../../shared/message/types.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Plan } from '../../shared/workflow/plan.ts'
import type { Database } from '../db/schema.ts'
import { type CompiledMail, compileMail } from '../mail/compiled-mail.ts'

export type SendingAccount = {
  id: AccountId
  kind: 'inbox' | 'smtp'
  host: string
  port: number
  security: Security
  username: string
  passwordSealed: string | null
  maxConnections: number
  ratePerSecond: number | null
  isActive: boolean
  /** Paused by the sender itself: it is tried again, a paused-by-hand one is not. */
  isPausedByItself: boolean
  /** Changes when somebody wants the server tried now. */
  retryAskedAt: Instant | null
  /** Where a sender that starts finds the account. */
  state: { troubleSince: Instant | null; retryAt: Instant | null; pausedAt: Instant | null }
}
export type Workspace = {
  name: string
  timezone: string
  locale: string
  senderName: string
  senderEmail: string
  postalAddress: string
  installId: string
}
export type SentWorkflow = { name: string; timezone: string | null }

/** `compiled`: null where only the plain path knows how to send it. */
export type SentEmail = { prepared: PreparedEmail; compiled: CompiledMail | null }

export type OutboxReads = {
  accounts(): Promise<SendingAccount[]>
  workspace(): Promise<Workspace | null>
  workflow(id: WorkflowId, version: number): Promise<SentWorkflow>
  /** The email in the contact's language, else without its region, else the default; null when the version has no such email. */
  email(ref: EmailRef, locale: string | null): Promise<SentEmail | null>
}
export type EmailRef = { workflowId: WorkflowId; version: number; key: string }

/** Parsed emails kept at a time; a version's are used thousands of times in a row. */
const CACHE_SIZE = 500
/** How long a mail may still show the sender of before a change. */
const WORKSPACE_MS = 200

export function outboxReads(sql: Kysely<Database>): OutboxReads {
  const emails = new Map<string, Map<string, SentEmail>>()
  const workflows = new Map<string, SentWorkflow>()
  return {
    accounts: () => readAccounts(sql),
    workspace: remembered(WORKSPACE_MS, () => readWorkspace(sql)),
    workflow: (id, version) => cached(workflows, `${id}/${version}`, () => readWorkflow(sql, id, version)),
    async email(ref, locale) {
      const key = `${ref.workflowId}/${ref.version}/${ref.key}`
      const byLocale = await cached(emails, key, () => readEmails(sql, ref))
      const wanted = locale?.toLowerCase() ?? ''
      return byLocale.get(wanted) ?? byLocale.get(wanted.split(/[-_]/)[0] ?? '') ?? byLocale.get('') ?? null
    },
  }
}

/** Asked for each mail, changed once a month: what was read counts for a moment. */
function remembered<T>(forMs: number, read: () => Promise<T>): () => Promise<T> {
  let known: { value: T; until: number } | null = null
  return async () => {
    if (known === null || performance.now() > known.until) {
      known = { value: await read(), until: performance.now() + forMs }
    }
    return known.value
  }
}

async function cached<T>(cache: Map<string, T>, key: string, read: () => Promise<T>): Promise<T> {
  const known = cache.get(key)
  if (known !== undefined) return known
  const value = await read()
  const [oldest] = cache.keys()
  if (cache.size >= CACHE_SIZE && oldest !== undefined) cache.delete(oldest)
  cache.set(key, value)
  return value
}

async function readAccounts(sql: Kysely<Database>): Promise<SendingAccount[]> {
  const rows = await sql.selectFrom('sending_account').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    id: fromColumn<AccountId>(row.id),
    kind: row.kind === 'inbox' ? 'inbox' : 'smtp',
    host: row.host,
    port: row.port,
    security: asSecurity(row.security),
    username: row.username,
    passwordSealed: row.password_sealed,
    maxConnections: row.max_connections,
    ratePerSecond: row.rate_per_second,
    isActive: row.status === 'active',
    isPausedByItself: row.status === 'paused' && row.paused_by === null,
    retryAskedAt: row.retry_asked_at,
    state: { troubleSince: row.trouble_since, retryAt: row.retry_at, pausedAt: row.paused_at },
  }))
}

async function readWorkspace(sql: Kysely<Database>): Promise<Workspace | null> {
  const row = await sql.selectFrom('workspace').selectAll().executeTakeFirst()
  if (row === undefined) return null
  return {
    name: row.name,
    timezone: row.timezone,
    locale: row.locale,
    senderName: row.sender_name,
    senderEmail: row.sender_email,
    postalAddress: row.postal_address,
    installId: row.install_id,
  }
}

/** A test send may come from a draft: then there is no version, and the workspace's zone counts. */
async function readWorkflow(sql: Kysely<Database>, id: WorkflowId, version: number): Promise<SentWorkflow> {
  const row = await sql
    .selectFrom('workflow')
    .leftJoin('workflow_version', (join) =>
      join.onRef('workflow_version.workflow_id', '=', 'workflow.id').on('workflow_version.version', '=', version),
    )
    .select(['workflow.name', 'workflow_version.plan'])
    .where('workflow.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) throw new RangeError(`message of an unknown workflow ${id}`)
  const plan: Plan | null = row.plan === null ? null : (JSON.parse(row.plan) as Plan)
  return { name: row.name, timezone: plan?.settings.timezone ?? null }
}

async function readEmails(sql: Kysely<Database>, ref: EmailRef): Promise<Map<string, SentEmail>> {
  const rows = await sql
    .selectFrom('version_email')
    .selectAll()
    .where('workflow_id', '=', ref.workflowId)
    .where('version', '=', ref.version)
    .where('email_key', '=', ref.key)
    .execute()
  return new Map(
    rows.map((row) => {
      const links = JSON.parse(row.links) as CompiledEmail['links']
      const { subject, preheader, html, text } = row
      const prepared = prepare({ subject, preheader, html, text, links })
      const seed = `${ref.workflowId}/${ref.version}/${ref.key}/${row.locale}`
      return [row.locale.toLowerCase(), { prepared, compiled: compileMail(prepared, seed) }]
    }),
  )
}
