import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brokenInvariants } from '../../server/db/invariants.ts'
import { runJobChunk } from '../../server/engine/jobs.ts'
import { CATCH_UPS } from '../../shared/engine/catch-up.ts'
import { RequestError } from '../../shared/errors.ts'
import type { ContactId, WorkflowId } from '../../shared/ids.ts'
import { HOUR_MS } from '../../shared/time/instant.ts'
import { testDialect } from '../support/database.ts'
import { dealt, twoMails, welcome } from '../support/documents.ts'
import { createWorld, type SmtpAnswer, type World } from '../support/world.ts'

const ALWAYS = { reentry: 'always', exitWhen: { event: 'Left' } }

/** Something that may happen; `who` picks a person. */
type Deed = { did: string; who: number; hours: number; answer: SmtpAnswer }
const deed: fc.Arbitrary<Deed> = fc.record({
  did: fc.constantFrom(
    'Signed up',
    'Signed up',
    'Order placed',
    'Left',
    'pass',
    'pass',
    'pass',
    'activate',
    'unsubscribe',
    'resubscribe',
    'republish',
    'crash',
    'decide',
    'erase',
    'click',
    'exit',
    'add-people',
    'pause',
    'pause',
    'resume',
    'resume',
    'tag',
    'archive',
    'arrive',
    'one-piece',
  ),
  who: fc.nat(5),
  hours: fc.integer({ min: 1, max: 200 }),
  answer: fc.constantFrom<SmtpAnswer>('accept', 'accept', 'accept', 'defer', 'bounce', 'silence'),
})

/** What the state of things may forbid: a workflow that is put away cannot be paused, published or added to. */
async function unlessForbidden(deed: () => Promise<unknown>): Promise<void> {
  try {
    await deed()
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 409) throw error
  }
}

/** To workflows and their people as a whole. Answers false for what is no such deed. */
async function actOnWorkflow(world: World, id: WorkflowId, { did, who, hours }: Deed): Promise<boolean> {
  const doc = who % 2 === 0 ? dealt(ALWAYS, [hours, 100]) : twoMails(ALWAYS, 'P2D')
  const deeds: Record<string, () => Promise<unknown>> = {
    republish: () => world.republish(id, doc),
    'add-people': () =>
      world.commands('start-adding-people', { workflowId: id, audience: null, contactIds: null, total: 5 }),
    pause: () => world.commands('pause-workflow', { id }),
    resume: () => world.commands('resume-workflow', { id, catchUp: CATCH_UPS[hours % 3] ?? 'shift' }),
    archive: () => world.commands(hours % 3 === 0 ? 'archive-workflow' : 'restore-workflow', { id }),
    // As after a crash in the middle of a job.
    'one-piece': () => runJobChunk(world.db, world.engine, 2),
  }
  const doIt = deeds[did]
  if (doIt === undefined) return false
  await unlessForbidden(doIt)
  return true
}

async function act(world: World, workflows: readonly WorkflowId[], people: ContactId[], deed: Deed) {
  const { did, who, hours, answer } = deed
  const [first] = workflows
  if (await actOnWorkflow(world, workflows[who % workflows.length] ?? (first as WorkflowId), deed)) return
  world.answer = () => answer
  const contactId = people[who % people.length]
  if (contactId === undefined) return
  const one = async (status: string) =>
    (await world.db.sql.selectFrom('message').select('id').where('status', '=', status).limit(1).executeTakeFirst())?.id
  const uncertain = await one('uncertain')
  const sent = await one('sent')
  const enrollment = await world.db.sql
    .selectFrom('enrollment')
    .select('id')
    .where('status', '=', 'active')
    .limit(1)
    .executeTakeFirst()
  const gone = { contactId, messageId: null, source: 'story', reason: null }
  if (did === 'pass') await world.pass(hours * HOUR_MS)
  else if (did === 'activate') await world.settle()
  else if (did === 'unsubscribe')
    await world.commands('unsubscribe', { ...gone, topic: hours % 2 === 0 ? null : 'marketing' })
  else if (did === 'resubscribe')
    await world.commands('resubscribe', { contactId, topic: 'marketing', source: 'story' })
  else if (did === 'crash') {
    await world.commands('claim-messages', { accountId: await world.accountId(), limit: 3, lease: 'lost' })
    await world.recover()
  } else if (did === 'decide' && uncertain !== undefined)
    await world.commands('resolve-message', {
      id: uncertain as never,
      as: (['sent', 'resend', 'drop'] as const)[hours % 3] ?? 'drop',
    })
  else if (did === 'erase' && people.length > 2) {
    await world.commands('erase-contact', { id: contactId })
    people.splice(people.indexOf(contactId), 1)
  } else if (did === 'click' && sent !== undefined)
    await world.commands('record-message-event', {
      messageId: sent as never,
      kind: 'clicked',
      machine: hours % 2 === 0,
      linkNo: 0,
      url: null,
      userAgent: null,
    })
  else if (did === 'exit' && enrollment !== undefined)
    await world.commands('exit-enrollment', { id: enrollment.id as never, reason: 'manual' })
  else if (did === 'tag') await world.contact({ email: `p${who}@example.com`, addTags: [hours % 2 ? 'again' : 'vip'] })
  else if (did === 'arrive') people.push(await world.subscriber(`new${hours}@example.com`))
  else await world.event(contactId, did)
}

test('whatever happens, in whatever order, every invariant holds', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 30 }), async (deeds) => {
      const world = await createWorld()
      const workflows = [await world.publish(welcome(ALWAYS)), await world.publish(dealt(ALWAYS))]
      const people: ContactId[] = []
      for (let n = 0; n < 6; n++)
        people.push(await world.subscriber(`p${n}@example.com`, { plan: n % 2 ? 'pro' : 'free' }))
      for (const one of deeds) {
        await act(world, workflows, people, one)
        expect(await brokenInvariants(world.db)).toEqual([])
      }
      world.answer = () => 'accept'
      for (const id of workflows)
        await unlessForbidden(() => world.commands('resume-workflow', { id, catchUp: 'shift' }))
      await world.pass(60 * 24 * HOUR_MS)
      const failed = await world.db.sql
        .selectFrom('enrollment')
        .select('error')
        .where('status', '=', 'failed')
        .execute()
      expect(failed).toEqual([])
      await world.close()
    }),
    { numRuns: testDialect() === 'postgres' ? 3 : 20 },
  )
})
