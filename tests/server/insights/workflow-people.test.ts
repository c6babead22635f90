import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pageInWindows } from '../../../server/insights/windows.ts'
import type { WorkflowId } from '../../../shared/ids.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { workflow } from '../../support/documents.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

type Stats = {
  totals: { entered: number; waiting: number; finished: number; left: Record<string, number> }
  steps: Record<string, { entered: number; exited: Record<string, number> }>
}
type Page = { items: { email: string; detail: string | null }[]; nextCursor: string | null }
const DAY = 86_400_000

/** Everybody waits three days; gold leaves by its step, whoever becomes unhappy by the rule. */
const document = workflow({
  settings: { exitWhen: { tag: 'unhappy' } },
  steps: [
    { id: 'a', kind: 'send-email', email: 'hello', next: 'b' },
    {
      id: 'b',
      kind: 'branch',
      paths: [{ id: 'gold', label: 'Gold', when: { attribute: 'plan', is: 'equals', value: 'gold' }, next: 'x' }],
      otherwise: 'w',
    },
    { id: 'x', kind: 'exit', reason: 'is gold' },
    { id: 'w', kind: 'wait', for: 'P3D', next: 'o' },
    { id: 'o', kind: 'send-email', email: 'offer', next: null },
  ],
})

async function story(): Promise<WorkflowId> {
  const id = await t.world.publish(document)
  const enter = async (email: string, plan: string) => {
    const contact = await t.world.subscriber(email, { plan })
    await t.commands('enroll', { workflowId: id, contact: { id: contact }, properties: {} })
    await t.world.settle()
    return contact
  }
  await enter('done@example.com', 'free')
  await enter('gold-1@example.com', 'gold')
  await t.world.pass(2 * DAY)
  const unhappy = await enter('unhappy@example.com', 'free')
  await enter('gold-2@example.com', 'gold')
  await enter('waits@example.com', 'free')
  await t.commands('put-contact', { ref: { id: unhappy }, patch: { addTags: ['unhappy'] }, trigger: true })
  await t.world.pass(2 * DAY)
  return id
}

const behind = async (id: WorkflowId, query: string, step = '_all') => {
  const found: Page['items'] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: Page } = await t.call<Page>(
      'GET',
      `/api/v1/workflows/${id}/steps/${step}/people?limit=1&cursor=${cursor}&${query}`,
    )
    found.push(...body.items)
    cursor = body.nextCursor
  }
  return found.map(({ email }) => email.split('@')[0])
}
const stats = async (id: WorkflowId) => (await t.call<Stats>('GET', `/api/v1/workflows/${id}/stats`)).body

describe('the people behind the totals', () => {
  test('are as many as the totals say, each reason by itself, newest first', async () => {
    const id = await story()
    const { totals, steps } = await stats(id)
    expect(totals).toMatchObject({ entered: 5, waiting: 1, finished: 1 })
    expect(await behind(id, 'state=entered')).toEqual(['waits', 'gold-2', 'unhappy', 'gold-1', 'done'])
    expect(await behind(id, 'state=waiting')).toEqual(['waits'])
    expect(await behind(id, 'state=finished')).toEqual(['done'])
    expect(await behind(id, 'state=exited')).toHaveLength(3)
    expect(Object.keys(totals.left)).toHaveLength(2)
    for (const [reason, n] of Object.entries(totals.left))
      expect(await behind(id, `state=exited&reason=${encodeURIComponent(reason)}`), reason).toHaveLength(n)
    for (const [reason, n] of Object.entries(steps.x?.exited ?? {}))
      expect(await behind(id, `state=exited&reason=${encodeURIComponent(reason)}`, 'x'), reason).toHaveLength(n)
    expect(await behind(id, 'state=exited&reason=nothing')).toEqual([])
    expect((await behind(id, 'state=sent')).sort()).toEqual(['done', 'done', 'gold-1', 'gold-2', 'unhappy', 'waits'])
  })

  test('who failed stand under that name', async () => {
    const id = await story()
    await t.db.sql
      .updateTable('enrollment')
      .set({ status: 'failed', error: 'broken', end_reason: 'error', ended_at: t.now(), due_at: null })
      .where('status', '=', 'active')
      .execute()
    expect(await behind(id, 'state=exited&reason=failed')).toEqual(['waits'])
    await t.db.sql
      .updateTable('enrollment')
      .set({ status: 'active', error: null, end_reason: null, ended_at: null, due_at: t.now() })
      .where('status', '=', 'failed')
      .execute()
  })
})

describe('stats', () => {
  test('name every step of the version, also where nobody has been', async () => {
    const id = await t.world.publish(document)
    const { steps, totals } = await stats(id)
    expect(Object.keys(steps).sort()).toEqual(['a', 'b', 'o', 'w', 'x'])
    expect(Object.values(steps).every(({ entered }) => entered === 0)).toBe(true)
    expect(totals).toEqual({ entered: 0, waiting: 0, finished: 0, left: {} })
    const first = await t.call<Stats>('GET', `/api/v1/workflows/${id}/stats?version=1`)
    expect(Object.keys(first.body.steps)).toHaveLength(5)
  })

  test('of nothing are 404, in a sentence that does not contradict itself', async () => {
    const empty = await t.call('GET', '/api/v1/workflows//stats')
    expect([empty.status, empty.body.detail]).toEqual([404, 'There is nothing at /api/v1/workflows//stats.'])
    expect((await t.call('GET', '/api/v1/workflows/999/stats')).status).toBe(404)
    expect((await t.call('PUT', '/api/v1/workflows/1/stats')).status).toBe(405)
  })
})

test('a page of rare rows walks the index window by window, and ends with a cursor before it takes long', async () => {
  const looked: number[] = []
  const page = (cursor: string | undefined, wanted: readonly number[]) =>
    pageInWindows(
      { cursor, limit: 2 },
      {
        floorBelow: async (below) => (Math.min(below, 10_000) <= 1_000 ? null : Math.min(below, 10_000) - 1_000),
        rows: async (floor, below, limit) => {
          looked.push(floor)
          return wanted
            .filter((id) => id >= floor && id < below)
            .slice(0, limit)
            .map((id) => ({ id }))
        },
      },
    )
  const wanted = [9_500, 9_400, 9_300, 4_000, 20]
  const found: number[] = []
  let pages = 0
  for (let cursor: string | undefined | null; cursor !== null; pages += 1) {
    const next = await page(cursor, wanted)
    found.push(...next.rows.map(({ id }) => id))
    cursor = next.nextCursor
  }
  expect(found).toEqual(wanted)
  expect(pages).toBeGreaterThan(2)
  expect(looked.length).toBeLessThan(20)
})
