/** Workflows that begin with a contact or a tag, and steps that write contacts: who reacts, how often, and where it ends. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../../shared/time/instant.ts'
import { workflow } from '../../support/documents.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const ALWAYS = { reentry: 'always' }
const onCreated = { id: 't', kind: 'contact-created' }
const onTag = (tag: string) => ({ id: `t-${tag}`, kind: 'tag-added', tag })
const mail = (email: string, next: string | null = null) => ({ id: email, kind: 'send-email', email, next })
const change = (id: string, fields: Record<string, unknown>, next: string | null = null) => ({
  id,
  kind: 'update-contact',
  ...fields,
  next,
})
const passages = async () => {
  const rows = await world.db.sql
    .selectFrom('enrollment as e')
    .innerJoin('workflow as w', 'w.id', 'e.workflow_id')
    .select(['w.name', 'e.status', 'e.error', 'e.bulk'])
    .orderBy('e.id')
    .execute()
  return rows
}
const entered = async (name: string) => (await passages()).filter((row) => row.name === name).length

describe('a new contact', () => {
  beforeEach(() =>
    world.publish(workflow({ name: 'New', settings: ALWAYS, triggers: [onCreated], steps: [mail('hello')] })),
  )

  test('starts it once, by PUT or by an event for an unknown address, and never by a change', async () => {
    await world.contact({ email: 'ada@example.com' })
    await world.contact({ email: 'ADA@example.com', attributes: { plan: 'pro' } })
    expect(await entered('New')).toBe(1)
    const record = (email: string) =>
      world.commands('record-events', {
        events: [{ idemKey: null, name: 'Seen', contact: { email }, properties: {}, occurredAt: null }],
      })
    await record('bob@example.com')
    await record('bob@example.com')
    expect(await entered('New')).toBe(2)
  })

  test('does not start it when the writer says so', async () => {
    await world.commands('put-contact', { patch: { email: 'quiet@example.com' }, trigger: false })
    expect(await entered('New')).toBe(0)
  })

  test('gets in by one of several triggers once', async () => {
    await world.publish(
      workflow({ name: 'Both', settings: ALWAYS, triggers: [onCreated, onTag('vip')], steps: [mail('hello')] }),
    )
    await world.contact({ email: 'ada@example.com', tags: ['vip'] })
    expect(await entered('Both')).toBe(1)
  })
})

describe('a new tag', () => {
  beforeEach(() =>
    world.publish(
      workflow({
        name: 'Vip',
        settings: { ...ALWAYS, concurrency: 'many' },
        triggers: [onTag('vip')],
        steps: [mail('hello')],
      }),
    ),
  )

  test('starts it each time it is added, and not while it is there', async () => {
    const email = 'ada@example.com'
    await world.contact({ email, tags: ['other'] })
    expect(await entered('Vip')).toBe(0)
    await world.contact({ email, addTags: ['vip'] })
    await world.contact({ email, addTags: ['vip'] })
    await world.contact({ email, tags: ['vip', 'more'] })
    expect(await entered('Vip')).toBe(1)
    await world.contact({ email, removeTags: ['vip'] })
    await world.contact({ email, tags: ['vip'] })
    expect(await entered('Vip')).toBe(2)
  })

  test('tells the mails which one it was', async () => {
    await world.contact({ email: 'ada@example.com', tags: ['vip'] })
    const row = await world.db.sql.selectFrom('enrollment').select('entry_event').executeTakeFirstOrThrow()
    expect(JSON.parse(row.entry_event ?? '')).toMatchObject({ name: 'tag-added', properties: { tag: 'vip' } })
  })
})

describe('a step that writes the contact', () => {
  test('writes as PUT does: values, types, tags, the name that is searched for', async () => {
    await world.publish(
      workflow({
        settings: ALWAYS,
        steps: [
          change('set', {
            set: { first_name: 'Ngọc', seats: 5, old: null, timezone: 'Asia/Tokyo' },
            addTags: ['b', 'a'],
            removeTags: ['x'],
          }),
        ],
      }),
    )
    const ada = await world.contact({ email: 'ada@example.com', attributes: { old: 'y', keep: 1 }, tags: ['x'] })
    await world.event(ada, 'Signed up')
    await world.settle()
    const row = await world.db.sql.selectFrom('contact').selectAll().executeTakeFirstOrThrow()
    expect(JSON.parse(row.attributes)).toEqual({ keep: 1, first_name: 'Ngọc', seats: 5 })
    expect([JSON.parse(row.tags), row.timezone, row.name_folded]).toEqual([['a', 'b'], 'Asia/Tokyo', 'ngoc'])
    const types = await world.db.sql.selectFrom('attribute_definition').select(['key', 'type']).execute()
    expect(types).toContainEqual({ key: 'seats', type: 'number' })
  })

  test('moves whoever waits for it, in the same commit', async () => {
    await world.publish(
      workflow({
        name: 'Waits',
        triggers: [{ id: 't', kind: 'manual' }],
        steps: [
          {
            id: 'w',
            kind: 'wait-until',
            paths: [{ id: 'p', label: 'Done', when: { tag: 'done' }, next: 'hello' }],
            timeout: { after: 'P30D', next: null },
          },
          mail('hello'),
        ],
      }),
    )
    const id = await world.publish(
      workflow({
        name: 'Leaves',
        settings: { exitWhen: { tag: 'done' } },
        steps: [{ id: 'w', kind: 'wait', for: 'P9D' }],
      }),
    )
    await world.publish(
      workflow({ name: 'Tags', triggers: [onTag('go')], steps: [change('c', { addTags: ['done'] })] }),
    )
    const ada = await world.subscriber('ada@example.com')
    for (const workflowId of [1, id])
      await world.commands('enroll', { workflowId: workflowId as never, contact: { id: ada }, properties: {} })
    await world.settle()
    await world.contact({ email: 'ada@example.com', addTags: ['go'] })
    await world.settle()
    expect(await passages()).toMatchObject([
      { name: 'Waits', status: 'completed' },
      { name: 'Leaves', status: 'exited' },
      { name: 'Tags', status: 'completed' },
    ])
    expect(world.sent.map(({ email }) => email)).toEqual(['hello'])
  })

  test('starts other workflows by its tags; mail of many stays mail of many', async () => {
    const id = await world.publish(workflow({ name: 'First', steps: [change('c', { addTags: ['vip'] })] }))
    await world.publish(workflow({ name: 'Vip', triggers: [onTag('vip')], steps: [mail('hello')] }))
    const ada = await world.subscriber('ada@example.com')
    await world.commands('start-adding-people', { workflowId: id, audience: null, contactIds: [ada], total: 1 })
    await world.settle()
    expect(await passages()).toMatchObject([
      { name: 'First', bulk: 1 },
      { name: 'Vip', bulk: 1, status: 'completed' },
    ])
  })

  test('two workflows that start each other end, and it can be seen where', async () => {
    const settings = { ...ALWAYS, concurrency: 'many' }
    for (const [mine, other] of [
      ['ping', 'pong'],
      ['pong', 'ping'],
    ] as const)
      await world.publish(
        workflow({
          name: mine,
          settings,
          triggers: [onTag(mine)],
          steps: [change('c', { removeTags: [mine], addTags: [other] })],
        }),
      )
    await world.contact({ email: 'ada@example.com', tags: ['ping'] })
    await world.settle()
    const rows = await passages()
    expect(rows).toHaveLength(12)
    expect(rows.filter(({ status }) => status === 'failed')).toMatchObject([{ error: 'chain' }])
    const stats = await world.db.sql
      .selectFrom('step_stat')
      .select('n')
      .where('metric', '=', 'failed')
      .where('step_no', '=', 0)
      .execute()
    expect(stats).toEqual([{ n: 1 }])
  })

  test('a circle with a wait in it may go on for ever', async () => {
    await world.publish(
      workflow({
        name: 'Monthly',
        settings: ALWAYS,
        triggers: [onTag('again')],
        steps: [
          change('off', { removeTags: ['again'] }, 'pause'),
          { id: 'pause', kind: 'wait', for: 'P30D', next: 'on' },
          change('on', { addTags: ['again'] }),
        ],
      }),
    )
    await world.contact({ email: 'ada@example.com', tags: ['again'] })
    await world.pass(30 * 24 * HOUR_MS * 20 + HOUR_MS)
    const rows = await passages()
    expect(rows.filter(({ status }) => status === 'failed')).toEqual([])
    expect(rows).toHaveLength(21)
  })

  test('of a contact that was erased meanwhile harms nobody else of the batch', async () => {
    await world.publish(workflow({ settings: ALWAYS, steps: [change('c', { addTags: ['seen'] })] }))
    const [ada, bob] = [await world.subscriber('ada@example.com'), await world.subscriber('bob@example.com')]
    for (const who of [ada, bob]) await world.event(who, 'Signed up')
    await world.commands('erase-contact', { id: ada })
    await world.settle()
    const tags = await world.db.sql.selectFrom('contact').select('tags').execute()
    expect(tags.map((row) => JSON.parse(row.tags))).toEqual([['seen']])
  })
})
