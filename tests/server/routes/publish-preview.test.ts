import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Job, PublishPreview } from '../../../shared/api/workflows.ts'
import { DAY_MS } from '../../../shared/time/instant.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { workflow } from '../../support/documents.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

const story = (settings: Record<string, unknown>) =>
  workflow({
    settings: { audience: { not: { tag: 'staff' } }, ...settings },
    steps: [
      { id: 'hello', kind: 'send-email', email: 'hello', next: 'rest' },
      { id: 'rest', kind: 'wait', for: 'P20D', next: null },
    ],
  })

/** Came in 31 days ago and is through; came in 30 days ago in other zones; is inside; never was; may never come. */
async function crowd(settings: Record<string, unknown>): Promise<string> {
  const id = await t.world.publish(story({ reentry: 'always', concurrency: 'many' }))
  const enter = async (email: string, timezone: string | null) => {
    const zone = timezone === null ? {} : { timezone }
    await t.call('PUT', '/api/v1/contacts', { email, consent: { marketing: 'granted' }, ...zone })
    expect((await t.call('POST', `/api/v1/workflows/${id}/enrollments`, { contact: { email } })).status).toBe(201)
  }
  await enter('long-ago@example.com', null)
  await t.world.pass(DAY_MS)
  for (const [n, zone] of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin'].entries())
    await enter(`zone${n}@example.com`, zone)
  // Over the end of March: in Berlin thirty days are an hour shorter.
  await t.world.pass(30 * DAY_MS - 1_800_000)
  await enter('inside@example.com', null)
  await t.world.settle()
  await t.call('PUT', '/api/v1/contacts', { email: 'new@example.com' })
  await t.call('PUT', '/api/v1/contacts', { externalId: 'no-address' })
  await t.call('PUT', '/api/v1/contacts', { email: 'staff@example.com', tags: ['staff'] })
  await t.world.republish(id, story(settings))
  return String(id)
}

test.each([
  [{ reentry: 'once', concurrency: 'one' }, 1],
  [{ reentry: 'always', concurrency: 'one' }, 5],
  [{ reentry: 'after-exit', concurrency: 'many' }, 5],
  [{ reentry: { every: 'P30D' }, concurrency: 'one' }, 3],
  [{ reentry: 'always', concurrency: 'many' }, 6],
])('%j: the dialog counts exactly those whom "Add people" then lets in', async (settings, expected) => {
  const id = await crowd(settings)
  const preview = (await t.call<PublishPreview>('GET', `/api/v1/workflows/${id}/publish-preview`)).body
  expect([preview.canEnter, preview.lackConsent]).toEqual([expected, 1])
  const { jobId } = (await t.call<{ jobId: string }>('POST', `/api/v1/workflows/${id}/enrollments`, { audience: null }))
    .body
  await t.world.settle()
  const job = (await t.call<Job>('GET', `/api/v1/jobs/${jobId}`)).body
  expect(job.counts.enrolled).toBe(expected)
})

test('who is inside stands beside the version they began on', async () => {
  const id = await crowd({ reentry: 'always', concurrency: 'many' })
  await t.call('POST', `/api/v1/workflows/${id}/enrollments`, { contact: { email: 'new@example.com' } })
  await t.world.settle()
  const { inside } = (await t.call<PublishPreview>('GET', `/api/v1/workflows/${id}/publish-preview`)).body
  expect(inside.map(({ version, stepId, people }) => [version, stepId, people])).toEqual([
    [2, 'rest', 1],
    [1, 'rest', 1],
  ])
})

test('with problems there are no rules to count by', async () => {
  const id = String((await t.call('POST', '/api/v1/workflows', story({ audience: { tag: 7 } }))).body.id)
  const { canEnter, problems } = (await t.call<PublishPreview>('GET', `/api/v1/workflows/${id}/publish-preview`)).body
  expect(canEnter).toBeNull()
  expect(problems.length).toBeGreaterThan(0)
})
