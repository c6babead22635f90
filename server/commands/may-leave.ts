/** Asked at the claim and again before MAIL FROM: may these messages still leave? Otherwise the reason they are skipped for. */

import type { ContactFacts, EventFacts } from '../../shared/condition/facts.ts'
import { foldAddress } from '../../shared/contact/address.ts'
import { mayMail } from '../../shared/contact/mailable.ts'
import { leaving } from '../../shared/engine/leave.ts'
import type { EnrollmentId } from '../../shared/ids.ts'
import { zoneOf } from '../../shared/time/zone-of.ts'
import type { MessageClass } from '../../shared/workflow/document.ts'
import type { LiveEnrollment, OpenMessage } from '../db/hot/store.ts'
import type { Moment } from '../engine/context.ts'
import { entryFacts, type LoadedFacts, loadFacts } from '../engine/facts.ts'
import type { Ready } from '../engine/plans.ts'
import { findIdentity } from './contact-identity.ts'
import type { TestSend } from './contract.ts'
import { isMissedMail } from './held-messages.ts'

export type Checked =
  | { message: OpenMessage; ok: false; reason: string }
  | {
      message: OpenMessage
      ok: true
      messageClass: MessageClass
      /** Null for a test without a contact. */
      contact: ContactFacts | null
      entry: EventFacts | null
      test: TestSend | null
    }

export async function checkMessages(moment: Moment, messages: readonly OpenMessage[]): Promise<Checked[]> {
  const passages = await passagesOf(moment, messages)
  const ready = new Map<OpenMessage, Ready>()
  for (const message of messages) {
    if (message.enrollmentId === null) continue
    ready.set(message, await moment.engine.plans.version(moment.tx, message.workflowId, message.version))
  }
  const facts = await loadFacts(
    moment.tx,
    messages.map((message) => ({
      contactId: message.contactId,
      enrollment: passageOf(passages, message),
      dependencies: ready.get(message)?.plan.exitDependencies ?? NO_DEPENDENCIES,
    })),
  )
  const checked: Checked[] = []
  for (const message of messages) {
    const plan = ready.get(message)
    const enrollment = passageOf(passages, message)
    if (plan !== undefined && enrollment !== null) {
      checked.push(await checkOne(moment, message, { plan, enrollment, facts }))
    } else checked.push(await checkTest(moment, message, facts))
  }
  return checked
}

const NO_DEPENDENCIES = { events: [], attributes: [], tags: [], topics: [], messages: [] }

type About = { plan: Ready; enrollment: LiveEnrollment; facts: LoadedFacts }

async function checkOne(moment: Moment, message: OpenMessage, { plan, enrollment, facts }: About): Promise<Checked> {
  const skip = (reason: string): Checked => ({ message, ok: false, reason })
  const { settings } = plan.plan
  const contact = facts.contact(message.contactId)
  if (contact === null) return skip('erased')
  if ((await moment.engine.plans.live(moment.tx)).archived.has(message.workflowId)) return skip('archived')
  if (await isMissedMail(moment, message)) return skip('missed-in-pause')
  const mailable = mayMail(contact, settings.messageClass)
  if (!mailable.ok) return skip(mailable.reason)
  if (moment.now > message.expiresAt) return skip('expired')
  const subject = { contactId: message.contactId, enrollment, dependencies: plan.plan.exitDependencies }
  const leave = leaving(settings, facts.of(subject, null), {
    now: moment.now,
    enteredAt: enrollment.enteredAt,
    zone: () =>
      zoneOf({ contact: contact.timezone, workflow: settings.timezone, workspace: moment.settings.timezone }).zone,
  })
  if (leave !== null) return skip(leave.reason)
  return {
    message,
    ok: true,
    messageClass: settings.messageClass,
    contact,
    entry: entryFacts(enrollment.entryEvent),
    test: null,
  }
}

/** A test bypasses consent, rules and lateness, but never a hard suppression of the address it goes to. */
async function checkTest(moment: Moment, message: OpenMessage, facts: LoadedFacts): Promise<Checked> {
  const test = JSON.parse(message.test ?? '{}') as Partial<TestSend>
  const { to, email, properties } = test
  if (to === undefined || email === undefined) return { message, ok: false, reason: 'erased' }
  const owner = await findIdentity(moment.tx, 'email', foldAddress(to))
  const [addressee] = owner === null ? [] : await moment.tx.store.findContacts([owner])
  if (addressee?.suppression === 'hard') return { message, ok: false, reason: 'suppressed' }
  const workflow = await moment.tx.sql
    .selectFrom('workflow')
    .select('draft')
    .where('id', '=', message.workflowId)
    .executeTakeFirstOrThrow()
  const draft = JSON.parse(workflow.draft) as { settings?: { messageClass?: unknown } }
  return {
    message,
    ok: true,
    messageClass: draft.settings?.messageClass === 'transactional' ? 'transactional' : 'marketing',
    contact: facts.contact(message.contactId),
    entry: null,
    test: { to, email, properties: properties ?? {} },
  }
}

type Passages = ReadonlyMap<EnrollmentId, LiveEnrollment>
const passageOf = (passages: Passages, { enrollmentId }: OpenMessage): LiveEnrollment | null =>
  enrollmentId === null ? null : (passages.get(enrollmentId) ?? null)

/** The enrollments behind the messages, ended ones too: the last mail of a passage leaves after its end. */
async function passagesOf(moment: Moment, messages: readonly OpenMessage[]): Promise<Passages> {
  const ids = [...new Set(messages.flatMap(({ enrollmentId }) => (enrollmentId === null ? [] : [enrollmentId])))]
  const rows = await moment.tx.store.findEnrollments(ids)
  // Nothing here asks whether a passage has ended, only whether it is paused.
  return new Map(rows.map((row) => [row.id, { ...row, status: row.status === 'paused' ? 'paused' : 'active' }]))
}
