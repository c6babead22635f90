import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Stats } from '../../../shared/api/workflows.ts'
import type { WorkflowId } from '../../../shared/ids.ts'
import { API_KEY, type TestApp, testApp } from '../../support/app.ts'
import { welcome, workflow } from '../../support/documents.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

type Listed = { problems: { code: string; stepId: string | null; path: string; message: string }[] }
const create = async (document: unknown) =>
  (await t.call<{ id: string; revision: number }>('POST', '/api/v1/workflows', document)).body
const hello = workflow({
  steps: [
    { id: 'a', kind: 'send-email', title: 'Hello', email: 'hello', next: 'w' },
    { id: 'w', kind: 'wait', for: 'P2D', next: null },
  ],
})

describe('a draft', () => {
  test('is made from a document or a recipe, however unfinished', async () => {
    const made = await create({ format: 'perennial.workflow/1', name: 'Half', steps: [{ id: 'x', kind: 'teleport' }] })
    const read = await t.call<Listed>('GET', `/api/v1/workflows/${made.id}`)
    expect(read.headers.get('etag')).toBe(`"${made.revision}"`)
    expect(read.body.problems.map(({ code }) => code)).toContain('unknown-kind')
    const fromRecipe = await create({ recipe: 'welcome', locale: 'vi', name: 'Chào mừng' })
    expect((await t.call('GET', `/api/v1/workflows/${fromRecipe.id}`)).body).toMatchObject({
      name: 'Chào mừng',
      status: 'draft',
    })
    expect((await t.call('POST', '/api/v1/workflows', { recipe: 'soup' })).body.detail).toMatch(
      /"soup"; expected one of welcome, thank-you/,
    )
  })

  test('is saved only from the revision it was made from', async () => {
    const { id, revision } = await create(hello)
    const save = (headers: Record<string, string>) =>
      t.call('PUT', `/api/v1/workflows/${id}/draft`, { ...hello, name: 'Renamed' }, headers)
    expect((await save({})).status).toBe(428)
    const saved = await save({ 'if-match': `"${revision}"` })
    expect([saved.status, saved.body.revision]).toEqual([200, revision + 1])
    const stale = await save({ 'if-match': `"${revision}"` })
    expect([stale.status, stale.body.revision]).toEqual([412, revision + 1])
    expect((await save({ 'if-match': 'yesterday' })).status).toBe(400)
  })

  test('of a wrong outer shape is 422 naming value and expectation', async () => {
    const answer = await t.call<Listed>('POST', '/api/v1/workflows', {
      format: 'perennial.workflow/1',
      name: 7,
      steps: 'no',
    })
    expect(answer.status).toBe(422)
    expect(answer.body.problems.map(({ message }) => message)).toEqual([
      '`name` is 7; expected a string.',
      '`steps` is "no"; expected an array.',
    ])
  })
})

describe('publishing', () => {
  test('refuses with the step each problem belongs to', async () => {
    const { id } = await create(
      workflow({
        steps: [
          { id: 'a', kind: 'send-email', email: 'hello', next: 'b' },
          { id: 'b', kind: 'wait', for: 'forever', next: 'gone' },
        ],
      }),
    )
    const answer = await t.call<Listed>('POST', `/api/v1/workflows/${id}/publish`, {})
    expect(answer.status).toBe(422)
    expect(answer.body.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'bad-duration', stepId: 'b' }),
        expect.objectContaining({ code: 'unknown-step', stepId: 'b' }),
      ]),
    )
  })

  test('finds broken Liquid and MJML in the email of the step', async () => {
    const broken = {
      ...hello,
      emails: { hello: { subject: '{% if %}', mjml: '<mjml><mj-body><mj-nope/></mj-body></mjml>' } },
    }
    const { id } = await create(broken)
    const answer = await t.call<Listed>('POST', `/api/v1/workflows/${id}/publish`, {})
    expect(answer.status).toBe(422)
    expect(answer.body.problems.filter(({ stepId }) => stepId === 'a').map(({ code }) => code)).toContain('bad-liquid')
  })

  test('marketing needs a sender and a postal address', async () => {
    await t.commands('save-workspace', { senderEmail: '' })
    const { id } = await create(hello)
    const answer = await t.call<Listed>('POST', `/api/v1/workflows/${id}/publish`, {})
    expect([answer.status, answer.body.problems.map(({ code }) => code)]).toEqual([
      422,
      expect.arrayContaining(['no-sender']),
    ])
  })

  test('makes immutable versions; the preview says who can enter and who lacks consent', async () => {
    await t.world.subscriber('yes@example.com')
    await t.call('PUT', '/api/v1/contacts', { email: 'maybe@example.com' })
    const { id } = await create(welcome())
    const preview = await t.call('GET', `/api/v1/workflows/${id}/publish-preview`)
    expect(preview.body).toMatchObject({
      nextVersion: 1,
      canEnter: 2,
      lackConsent: 1,
      hasManualTrigger: true,
      inside: [],
    })
    expect(
      (await t.call('POST', `/api/v1/workflows/${id}/publish`, undefined, { 'content-type': 'application/json' })).body,
    ).toEqual({ version: 1 })
    expect((await t.call('POST', `/api/v1/workflows/${id}/publish`, { inFlight: { a: 'move' } })).status).toBe(422)
    expect((await t.call('POST', `/api/v1/workflows/${id}/publish`, {})).body).toEqual({ version: 2 })
    expect((await t.call('GET', `/api/v1/workflows/${id}/versions/1`)).body).toMatchObject({
      version: 1,
      document: { name: 'Welcome' },
    })
    expect((await t.call('GET', `/api/v1/workflows/${id}/versions/9`)).status).toBe(404)
    expect((await t.call('GET', '/api/v1/workflows')).body).toMatchObject({
      items: [
        {
          name: 'Welcome',
          status: 'live',
          liveVersion: 2,
          hasChanges: false,
          triggerKind: 'event',
          triggerText: 'Signed up',
        },
      ],
    })
  })

  test('an archived workflow comes back as it was', async () => {
    const { id } = await create(hello)
    expect((await t.call('POST', `/api/v1/workflows/${id}/archive`)).body.status).toBe('archived')
    expect((await t.call('GET', '/api/v1/workflows')).body.items).toEqual([])
    expect((await t.call('POST', `/api/v1/workflows/${id}/restore`)).body.status).toBe('draft')
  })
})

describe('people in a workflow', () => {
  const live = async () => String(await t.world.publish(hello))

  test('one enters once: 201, then 200 with the reason', async () => {
    const id = await live()
    await t.world.subscriber('ann@example.com')
    const enroll = () =>
      t.call('POST', `/api/v1/workflows/${id}/enrollments`, { contact: { email: 'ann@example.com' } })
    expect(await enroll()).toMatchObject({ status: 201, body: { enrolled: true } })
    expect(await enroll()).toMatchObject({ status: 200, body: { enrolled: false } })
  })

  test('many are added by a job that can be watched; an empty body names nobody', async () => {
    const id = await live()
    for (const name of ['a', 'b', 'c']) await t.world.subscriber(`${name}@example.com`)
    expect((await t.call('POST', `/api/v1/workflows/${id}/enrollments`, {})).status).toBe(422)
    const started = await t.call('POST', `/api/v1/workflows/${id}/enrollments`, { audience: null })
    expect(started.status).toBe(202)
    await t.world.settle()
    expect((await t.call('GET', `/api/v1/jobs/${String(started.body.jobId)}`)).body).toMatchObject({
      status: 'completed',
      total: 3,
      done: 3,
    })
  })

  test('every number equals the list behind it', async () => {
    const id = await live()
    for (const name of ['a', 'b', 'c', 'd']) {
      await t.world.subscriber(`${name}@example.com`)
      await t.call('POST', `/api/v1/workflows/${id}/enrollments`, { contact: { email: `${name}@example.com` } })
    }
    const check = async () => {
      const { body } = await t.call<Stats>('GET', `/api/v1/workflows/${id}/stats`)
      for (const [stepId, step] of Object.entries(body.steps)) {
        const numbers = {
          entered: step.entered,
          waiting: step.waiting,
          passed: step.passed,
          sent: step.messages.sent ?? 0,
          queued: step.messages.queued ?? 0,
        }
        for (const [state, n] of Object.entries(numbers)) {
          const list = await t.call<{ items: unknown[] }>(
            'GET',
            `/api/v1/workflows/${id}/steps/${stepId}/people?state=${state}`,
          )
          expect(list.body.items.length, `${stepId} ${state}`).toBe(n)
        }
      }
      return body
    }
    await check()
    await t.world.settle()
    expect((await check()).steps.w).toMatchObject({ entered: 4, waiting: 4, passed: 0 })
    await t.world.pass(3 * 86_400_000)
    expect(await check()).toMatchObject({
      totals: { entered: 4, waiting: 0, finished: 4 },
      steps: { a: { passed: 4, messages: { sent: 4 } } },
    })
  })

  test('why and the journal tell what happened, newest first, page by page', async () => {
    const id = await live()
    const contact = await t.world.subscriber('ann@example.com')
    const { body } = await t.call<{ enrollmentId: string }>('POST', `/api/v1/workflows/${id}/enrollments`, {
      contact: { id: String(contact) },
    })
    await t.world.pass(3 * 86_400_000)
    const why = await t.call('GET', `/api/v1/enrollments/${body.enrollmentId}/explain`)
    expect(why.body).toMatchObject({
      enrollment: { status: 'completed' },
      steps: [
        { stepId: 'a', message: { status: 'sent' } },
        { stepId: 'w' },
        { stepId: 'w', why: 'time-reached' },
        { stepId: 'w', outcome: 'completed' },
      ],
    })
    type Page = { items: { kind: string; at: string }[]; nextCursor: string | null }
    const whole = await t.call<Page>('GET', `/api/v1/contacts/${contact}/journal?limit=200`)
    const kinds = whole.body.items.map(({ kind }) => kind)
    expect(kinds).toEqual(
      expect.arrayContaining([
        'contact.created',
        'consent.changed',
        'enrollment.started',
        'step',
        'message.queued',
        'message.sent',
        'enrollment.completed',
      ]),
    )
    const pages: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { body: Page } = await t.call<Page>(
        'GET',
        `/api/v1/contacts/${contact}/journal?limit=2&cursor=${cursor}`,
      )
      pages.push(...page.body.items)
      cursor = page.body.nextCursor
    }
    expect(pages).toEqual(whole.body.items)
  })

  test('numbers come by themselves while somebody looks', async () => {
    const id = await live()
    const response = await t.app.request(`/api/v1/workflows/${id}/stats/stream`, {
      headers: { authorization: `Bearer ${API_KEY}` },
    })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const reader = (response.body ?? new ReadableStream()).getReader()
    const next = async () => new TextDecoder().decode((await reader.read()).value)
    expect(await next()).toMatch(/^event: stats\ndata: \{"asOf"/)
    await t.world.subscriber('ann@example.com')
    await t.call('POST', `/api/v1/workflows/${id}/enrollments`, { contact: { email: 'ann@example.com' } })
    t.pass(2_000)
    expect(await next()).toContain('"entered":1')
    await reader.cancel()
  })

  test('an audience is counted by the condition, and a wrong one is explained', async () => {
    await t.world.subscriber('pro@example.com', { plan: 'pro' })
    const count = (condition: unknown) => t.call('POST', '/api/v1/audience/count', { condition })
    expect((await count({ attribute: 'plan', is: 'equals', value: 'pro' })).body).toMatchObject({
      total: 1,
      mailable: 1,
      sample: [{ email: 'pro@example.com' }],
    })
    expect((await count({ attribute: 'plan', is: 'resembles' })).status).toBe(422)
  })
})

describe('an email', () => {
  const mjml =
    '<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ contact.first_name }} <a href="https://shop.example/?a=1">Shop</a> <a href="{{ unsubscribe_url }}">Stop</a> {{ sender.postal_address }}</mj-text></mj-column></mj-section></mj-body></mjml>'

  test('is previewed as one contact gets it, on a page of its own', async () => {
    const contactId = String(await t.world.subscriber('ann@example.com', { first_name: '<Ann>' }))
    const preview = await t.call('POST', '/api/v1/preview', {
      email: { subject: 'Hi {{ contact.first_name }}', mjml },
      contactId,
    })
    expect(preview.body).toMatchObject({ subject: 'Hi <Ann>', missing: [] })
    const page = await t.call('GET', String(preview.body.url))
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox /)
    expect(page.text).toMatch(/&(lt|#60);Ann&(gt|#62);/)
    expect(page.text).toContain('shop.example')
    expect(page.text).not.toContain('link.invalid')
    t.pass(11 * 60_000)
    expect((await t.call('GET', String(preview.body.url))).status).toBe(404)
  })

  test('names variables that are missing, and shows the rest', async () => {
    const preview = await t.call('POST', '/api/v1/preview', { email: { subject: 'Hi {{ event.name }}', mjml } })
    expect(preview.body).toMatchObject({
      missing: expect.arrayContaining(['contact.first_name', 'event.name']),
      subject: 'Hi [event.name]',
    })
  })

  test('is sent as a test from the draft', async () => {
    const { id } = await create(hello)
    const send = (to: string[], key = 'hello') =>
      t.call<{ messageIds: string[] }>('POST', `/api/v1/workflows/${id}/emails/${key}/test`, { to })
    expect((await send(['me@example.com', 'you@example.com'])).body.messageIds).toHaveLength(2)
    expect((await send(['nobody'])).status).toBe(422)
    expect((await send(['me@example.com'], 'constructor')).status).toBe(404)
    expect((await t.call('GET', '/api/v1/messages?status=queued')).body).toMatchObject({
      items: [{ isTest: true, recipient: 'you@example.com' }, { isTest: true }],
    })
  })
})

test('an uncertain message is decided by hand, others are not', async () => {
  await t.world.subscriber('ann@example.com')
  const id = await t.world.publish(hello)
  t.world.answer = () => 'silence'
  await t.commands('enroll', { workflowId: id as WorkflowId, contact: { email: 'ann@example.com' }, properties: {} })
  await t.world.settle()
  const list = await t.call<{ items: { id: string }[]; counts: Record<string, number> }>(
    'GET',
    '/api/v1/messages?status=uncertain',
  )
  expect(list.body).toMatchObject({
    items: [{ status: 'uncertain', contact: { email: 'ann@example.com' } }],
    counts: { uncertain: 1 },
  })
  const resolve = () => t.call('POST', `/api/v1/messages/${list.body.items[0]?.id}/resolve`, { as: 'sent' })
  expect((await resolve()).body.status).toBe('sent')
  expect((await resolve()).status).toBe(409)
})
