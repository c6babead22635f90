/**
 * The whole product without threads and without SMTP, on a virtual clock: a database in memory, inline commands, the real engine, and a
 * sender that claims, marks and finishes like the real one. Months pass in milliseconds.
 */
import type { ClaimedMessage, Commands, CompiledEmailInput, ContactPatch } from '../../server/commands/contract.ts'
import { inlineCommands } from '../../server/commands/inline.ts'
import { brokenInvariants } from '../../server/db/invariants.ts'
import type { Db } from '../../server/db/open.ts'
import { beginMoment, createEngine, type Engine, settle } from '../../server/engine/context.ts'
import { ensureInstallation } from '../../server/engine/install.ts'
import { runJobChunk } from '../../server/engine/jobs.ts'
import { recover } from '../../server/engine/recover.ts'
import { activateSlice } from '../../server/engine/scheduler.ts'
import { transact } from '../../server/engine/transact.ts'
import type { AccountId, ContactId, WorkflowId } from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { compileWorkflow } from '../../shared/workflow/compile.ts'
import { parseDocument, type WorkflowDocument } from '../../shared/workflow/document.ts'
import { memoryDatabase } from './database.ts'

/** A Monday. */
export const MONDAY: Instant = Date.parse('2026-03-02T09:00:00Z')

export type Sent = { at: Instant; contactId: ContactId; to: string; email: string; messageIdHeader: string }
export type SmtpAnswer = 'accept' | 'defer' | 'bounce' | 'silence'

export type World = {
  db: Db
  engine: Engine
  commands: Commands
  sent: Sent[]
  now(): Instant
  setNow(at: Instant): void
  /** What the fake server answers; a test may replace it. */
  answer(message: ClaimedMessage): SmtpAnswer
  /** Let time pass: everything due on the way happens at its own instant. */
  passUntil(at: Instant): Promise<void>
  pass(ms: number): Promise<void>
  /** Everything due now, and its mail. */
  settle(): Promise<void>
  deliver(): Promise<number>
  /** Create, compile and publish; answers the id. */
  publish(document: unknown): Promise<WorkflowId>
  republish(id: WorkflowId, document: unknown): Promise<number>
  contact(patch: ContactPatch): Promise<ContactId>
  /** With consent to marketing. */
  subscriber(email: string, attributes?: JsonObject): Promise<ContactId>
  event(contactId: ContactId, name: string, properties?: JsonObject, occurredAt?: Instant): Promise<void>
  accountId(): Promise<AccountId>
  recover(): ReturnType<typeof recover>
  close(): Promise<void>
}

export type WorldOptions = { start?: Instant; uncertainSends?: 'hold' | 'resend'; timezone?: string }

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  let clock = options.start ?? MONDAY
  const db = await memoryDatabase()
  const engine = createEngine({ now: () => clock, uncertainSends: options.uncertainSends ?? 'hold' })
  await transact(db, (tx) =>
    ensureInstallation(tx, { now: clock, installId: 'test', timezone: options.timezone ?? 'UTC' }),
  )
  const commands = inlineCommands({ db, engine })
  await commands('save-workspace', {
    name: 'Test',
    senderName: 'Test',
    senderEmail: 'hello@example.com',
    postalAddress: '1 Street',
  })

  const world: World = {
    db,
    engine,
    commands,
    sent: [],
    now: () => clock,
    setNow(at) {
      clock = at
    },
    answer: () => 'accept',
    async passUntil(at) {
      await world.settle()
      for (let next = await nextWork(db, clock); next !== null && next <= at; next = await nextWork(db, clock)) {
        clock = Math.max(clock, next)
        await world.settle()
      }
      clock = Math.max(clock, at)
    },
    pass: (ms) => world.passUntil(clock + ms),
    async settle() {
      while ((await runJobChunk(db, engine)).worked);
      while ((await activateSlice(db, engine, 500)).claimed > 0);
      await world.deliver()
    },
    deliver: () => deliverAll(world),
    async publish(document) {
      const parsed = parseDocument(document)
      const { id } = await commands('create-workflow', { document: parsed, userId: null })
      await publishDraft(commands, id, 1, parsed)
      return id
    },
    async republish(id, document) {
      const parsed = parseDocument(document)
      const row = await db.sql
        .selectFrom('workflow')
        .select('draft_revision')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      const { revision } = await commands('save-draft', {
        id,
        expectedRevision: row.draft_revision,
        document: parsed,
        userId: null,
      })
      return publishDraft(commands, id, revision, parsed)
    },
    contact: async (patch) => (await commands('put-contact', { patch, trigger: true })).id,
    subscriber: (email, attributes = {}) =>
      world.contact({
        email,
        attributes,
        consent: { marketing: { status: 'granted', source: 'test', text: null, at: null, address: null } },
      }),
    async event(contactId, name, properties = {}, occurredAt) {
      await commands('record-events', {
        events: [{ idemKey: null, name, contact: { id: contactId }, properties, occurredAt: occurredAt ?? null }],
      })
    },
    async accountId() {
      const row = await db.sql
        .selectFrom('sending_account')
        .select('id')
        .where('is_default', '=', 1)
        .executeTakeFirstOrThrow()
      return row.id as AccountId
    },
    async recover() {
      const { value } = await transact(db, async (tx) => {
        const moment = await beginMoment(engine, tx)
        const report = await recover(moment, { kernelBootId: 'boot', version: 'test' })
        await settle(moment)
        return report
      })
      return value
    },
    async close() {
      const broken = await brokenInvariants(db)
      await db.close()
      if (broken.length > 0) throw new Error(broken.join('; '))
    },
  }
  return world
}

async function publishDraft(commands: Commands, id: WorkflowId, revision: number, document: WorkflowDocument) {
  const { numbers } = await commands('allocate-steps', { id, stepIds: document.steps.map((step) => step.id) })
  const compiled = compileWorkflow(document, {
    attributes: {},
    sender: { email: 'hello@example.com', postalAddress: '1 Street' },
    numbers,
  })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  const emails: CompiledEmailInput[] = Object.entries(document.emails).map(([key, { subject, mjml }]) => ({
    key,
    locale: '',
    subject,
    preheader: '',
    html: mjml,
    text: subject,
    links: [],
  }))
  return (await commands('publish', { id, revision, plan: compiled.plan, emails, userId: null })).version
}

/** Claim, recheck, mark, finish - as the sender does, with scripted answers. */
async function deliverAll(world: World): Promise<number> {
  const { commands } = world
  const accountId = await world.accountId()
  let delivered = 0
  for (let lease = 1; ; lease++) {
    const { messages } = await commands('claim-messages', { accountId, limit: 100, lease: `l${lease}` })
    if (messages.length === 0) return delivered
    for (const message of messages) {
      const { id, messageIdHeader } = message
      const recipient = message.test?.to ?? message.contact.email
      const { verdicts } = await commands('mark-dots', {
        marks: [{ id, lease: message.lease, recipient, messageIdHeader, links: [] }],
      })
      if (verdicts[0]?.ok !== true) continue
      const answer = world.answer(message)
      const code = { accept: 250, defer: 451, bounce: 550, silence: null }[answer]
      const outcome = {
        accept: { kind: 'sent' },
        defer: { kind: 'deferred', notBefore: world.now() + 4 * 3_600_000, reason: 'deferred' },
        bounce: { kind: 'failed', reason: 'bounced', hardBounce: true },
        silence: { kind: 'uncertain', reason: 'no-reply' },
      } as const
      await commands('finish-messages', {
        finished: [
          {
            id,
            lease: message.lease,
            attempt: { stage: 'dot', code, enhanced: null, response: String(code ?? ''), tookMs: 1 },
            outcome: outcome[answer],
          },
        ],
      })
      delivered += 1
      if (answer === 'accept') {
        world.sent.push({
          at: world.now(),
          contactId: message.contact.id,
          to: recipient,
          email: message.emailKey,
          messageIdHeader,
        })
      }
    }
  }
}

/** When something happens next: a person is due, a message may leave, a held click is taken for a person's. */
async function nextWork(db: Db, now: Instant): Promise<Instant | null> {
  const due = await db.sql
    .selectFrom('enrollment')
    .select(({ fn }) => fn.min('due_at').as('at'))
    .executeTakeFirst()
  const ready = await db.sql
    .selectFrom('message')
    .select(({ fn }) => fn.min('not_before').as('at'))
    .where('status', 'in', ['queued', 'deferred'])
    .where('not_before', '>', now)
    .executeTakeFirst()
  const held = await db.sql
    .selectFrom('message_event')
    .select(({ fn }) => fn.min('held_until').as('at'))
    .executeTakeFirst()
  const times = [due?.at, ready?.at, held?.at].filter((at): at is number => typeof at === 'number')
  return times.length === 0 ? null : Math.min(...times)
}
