/** Pausing and resuming over HTTP, and everywhere it is said. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../shared/time/instant.ts'
import { RECIPES } from '../../../shared/workflow/recipes.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { dealt, twoMails } from '../../support/documents.ts'

let t: TestApp
let id: string
beforeEach(async () => {
  t = await testApp()
  id = String(await t.world.publish(twoMails({}, 'P10D')))
})
afterEach(() => t.close())

const post = (path: string, body?: unknown) => t.call('POST', `/api/v1/workflows/${id}/${path}`, body)
const listed = async () => {
  const { body } = await t.call<{ items: Record<string, unknown>[] }>('GET', '/api/v1/workflows')
  return body.items.find((item) => item.id === id)
}

describe('a pause over HTTP', () => {
  test('answers with state and job; list, workflow and numbers say since when, and how far it is', async () => {
    await t.world.event(await t.world.subscriber('ada@example.com'), 'Signed up')
    await t.world.settle()
    const paused = await post('pause')
    expect([paused.status, paused.body.status]).toEqual([200, 'paused'])
    const pausedAt = new Date(t.now()).toISOString()
    const job = { id: paused.body.jobId, kind: 'pause-workflow', done: 0, total: 1 }
    expect(await listed()).toMatchObject({ status: 'paused', pausedAt, job, nextDueAt: null })
    expect((await t.call('GET', `/api/v1/workflows/${id}`)).body).toMatchObject({ status: 'paused', pausedAt, job })
    expect((await t.call('GET', `/api/v1/workflows/${id}/stats`)).body).toMatchObject({ pausedAt })
    await t.world.settle()
    expect(await listed()).toMatchObject({ pausedAt, job: null })
    expect((await t.call('GET', `/api/v1/jobs/${paused.body.jobId}`)).body).toMatchObject({
      status: 'completed',
      done: 1,
    })
    expect((await post('pause')).body).toEqual({ status: 'paused', jobId: null })
  })

  test('ends by a policy, `shift` unless told otherwise', async () => {
    await post('pause')
    await t.world.pass(DAY_MS)
    expect((await post('resume', { catchUp: 'later' })).status).toBe(422)
    expect((await post('resume', { catchUp: 'send', more: 1 })).status).toBe(422)
    const resumed = await post('resume')
    expect(resumed.status).toBe(200)
    await t.world.settle()
    expect(await listed()).toMatchObject({ status: 'live', pausedAt: null, job: null })
    const row = await t.db.sql.selectFrom('workflow_pause').select('catch_up').executeTakeFirstOrThrow()
    expect(row.catch_up).toBe('shift')
  })

  test('is refused where there is nothing to stop', async () => {
    const { body } = await t.call<{ id: string }>('POST', '/api/v1/workflows', twoMails())
    for (const verb of ['pause', 'resume'])
      expect((await t.call('POST', `/api/v1/workflows/${body.id}/${verb}`)).status).toBe(409)
    expect((await t.call('POST', '/api/v1/workflows/999/pause')).status).toBe(404)
  })

  test('is in the journal of those who were inside, and of nobody else', async () => {
    const [ada, bob] = [await t.world.subscriber('ada@example.com'), await t.world.subscriber('bob@example.com')]
    await t.world.event(ada, 'Signed up')
    await t.world.settle()
    await t.world.pass(HOUR_MS)
    await post('pause')
    await t.world.pass(DAY_MS)
    await post('resume', { catchUp: 'skip' })
    await t.world.pass(30 * DAY_MS)
    const kinds = async (contact: number) => {
      const { body } = await t.call<{ items: { kind: string; reason?: string }[] }>(
        'GET',
        `/api/v1/contacts/${contact}/journal`,
      )
      return body.items.filter(({ kind }) => /paused|resumed/.test(kind)).map(({ kind, reason }) => [kind, reason])
    }
    expect(await kinds(ada)).toEqual([
      ['enrollment.resumed', 'resumed-skip'],
      ['enrollment.paused', undefined],
    ])
    expect(await kinds(bob)).toEqual([])
  })
})

describe('when the next person wakes up', () => {
  test('is exact for a small workflow, however many others are due before', async () => {
    const other = await t.world.publish({
      ...twoMails({}, 'P1D'),
      name: 'Other',
      triggers: [{ id: 'm', kind: 'manual' }],
    })
    const people = []
    for (let n = 0; n < 30; n++) people.push(await t.world.subscriber(`p${n}@example.com`))
    await t.world.commands('start-adding-people', { workflowId: other, audience: null, contactIds: people, total: 30 })
    await t.world.event(await t.world.subscriber('ada@example.com'), 'Signed up')
    await t.world.settle()
    expect(await listed()).toMatchObject({
      nextDueAt: new Date(t.now() + 10 * DAY_MS).toISOString(),
      nextDueAfter: null,
    })
  })
})

describe('the recipes', () => {
  test.each(RECIPES.flatMap((recipe) => ['en', 'vi', 'zh'].map((locale) => ({ recipe, locale }))))(
    '$recipe in $locale publishes once links and sender are there',
    { timeout: 60_000 },
    async (body) => {
      const made = await t.call<{ id: string }>('POST', '/api/v1/workflows', body)
      const published = await t.call('POST', `/api/v1/workflows/${made.body.id}/publish`, {})
      expect(published.body).toEqual({ version: 1 })
    },
  )
})

test('the document of every kind is published and described as a schema', async () => {
  const { id: made } = (await t.call<{ id: string }>('POST', '/api/v1/workflows', dealt())).body
  expect((await t.call('POST', `/api/v1/workflows/${made}/publish`, {})).status).toBe(201)
  const { schemas } = (await t.call<{ components: { schemas: Record<string, unknown> } }>('GET', '/api/openapi.json'))
    .body.components
  for (const kind of ['Step.split', 'Step.update-contact', 'Trigger.contact-created', 'Trigger.tag-added'])
    expect(schemas).toHaveProperty([kind, 'additionalProperties'], false)
})
