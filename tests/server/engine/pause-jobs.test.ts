/** Pausing and resuming in pieces: a crash between two, a word taken back, one job behind the other. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEngine } from '../../../server/engine/context.ts'
import { createCrowdWatch } from '../../../server/engine/crowd.ts'
import { runJobChunk } from '../../../server/engine/jobs.ts'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import type { WorkflowId } from '../../../shared/ids.ts'
import { DAY_MS, HOUR_MS } from '../../../shared/time/instant.ts'
import { parseDocument } from '../../../shared/workflow/document.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, MONDAY, type World } from '../../support/world.ts'

const PEOPLE = 7
let world: World
let id: WorkflowId
beforeEach(async () => {
  world = await createWorld()
  id = await world.publish(twoMails({}, 'P10D'))
  for (let n = 0; n < PEOPLE; n++) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
  await world.settle()
})
afterEach(() => world.close())

const statuses = async () => {
  const rows = await world.db.sql.selectFrom('enrollment').select('status').execute()
  return Object.fromEntries(
    ['active', 'paused', 'completed'].map((is) => [is, rows.filter((r) => r.status === is).length]),
  )
}
const workflowStatus = async () =>
  (await world.db.sql.selectFrom('workflow').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status
const running = () =>
  world.db.sql.selectFrom('job').select(['kind', 'done', 'total']).where('status', '=', 'running').execute()
/** As after a crash: what was committed, and nothing that was remembered. */
const restarted = () => createEngine({ now: () => world.now() })

describe('a job of a pause', () => {
  test('goes on where the last piece ended when the process died in between', async () => {
    await world.commands('pause-workflow', { id })
    await runJobChunk(world.db, world.engine, 3)
    expect(await statuses()).toEqual({ active: PEOPLE - 3, paused: 3, completed: 0 })
    expect(await running()).toEqual([{ kind: 'pause-workflow', done: 3, total: PEOPLE }])
    const engine = restarted()
    while ((await runJobChunk(world.db, engine, 3)).worked);
    expect(await statuses()).toEqual({ active: 0, paused: PEOPLE, completed: 0 })
    await world.pass(4 * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await runJobChunk(world.db, world.engine, 3)
    expect([await workflowStatus(), await statuses()]).toEqual([
      'live',
      { active: 3, paused: PEOPLE - 3, completed: 0 },
    ])
    while ((await runJobChunk(world.db, restarted(), 3)).worked);
    await world.passUntil(MONDAY + 14 * DAY_MS - 1)
    expect(world.sent).toHaveLength(PEOPLE)
    await world.pass(HOUR_MS)
    expect(world.sent).toHaveLength(2 * PEOPLE)
  })

  test('holds mail that crowds nobody out: others are activated at their usual pace', async () => {
    for (let n = 0; n < 4; n++) await world.event(await world.subscriber(`late${n}@example.com`), 'Signed up')
    await activateSlice(world.db, world.engine, 100)
    const isCrowded = () => createCrowdWatch(world.db, () => 0, 4)()
    expect(await isCrowded()).toBe(true)
    await world.commands('pause-workflow', { id })
    await world.settle()
    expect(await isCrowded()).toBe(false)
  })

  test('is not needed for stopping: whoever is due before it comes is frozen instead of activated', async () => {
    await world.commands('pause-workflow', { id })
    world.setNow(MONDAY + 20 * DAY_MS)
    const slice = await activateSlice(world.db, world.engine, 100)
    expect(slice.claimed).toBe(PEOPLE)
    expect(await statuses()).toEqual({ active: 0, paused: PEOPLE, completed: 0 })
    const due = world.db.sql.selectFrom('enrollment').select('id').where('due_at', 'is not', null)
    expect(await due.execute()).toEqual([])
  })

  test('a resume asked for meanwhile waits for it, and nobody wakes up in between', async () => {
    await world.commands('pause-workflow', { id })
    await runJobChunk(world.db, world.engine, 3)
    world.setNow(MONDAY + 15 * DAY_MS)
    expect(await world.commands('resume-workflow', { id, catchUp: 'shift' })).toMatchObject({ status: 'paused' })
    await activateSlice(world.db, world.engine, 100)
    await world.settle()
    expect(await workflowStatus()).toBe('live')
    expect(world.sent).toHaveLength(PEOPLE)
    await world.passUntil(MONDAY + 25 * DAY_MS + HOUR_MS)
    expect(world.sent).toHaveLength(2 * PEOPLE)
  })

  test('a resume is taken back by pausing again before it began', async () => {
    await world.commands('pause-workflow', { id })
    await world.commands('resume-workflow', { id, catchUp: 'send' })
    await world.commands('pause-workflow', { id })
    await world.pass(DAY_MS)
    expect([await workflowStatus(), await statuses()]).toEqual(['paused', { active: 0, paused: PEOPLE, completed: 0 }])
  })

  test('pausing again while people are being set going keeps each one’s time, whichever piece they were in', async () => {
    await world.commands('pause-workflow', { id })
    await world.pass(3 * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await runJobChunk(world.db, world.engine, 3)
    await world.commands('pause-workflow', { id })
    await world.pass(5 * DAY_MS)
    expect(await statuses()).toEqual({ active: 0, paused: PEOPLE, completed: 0 })
    const left = await world.db.sql.selectFrom('enrollment').select('remaining_ms').distinct().execute()
    expect(left).toEqual([{ remaining_ms: 10 * DAY_MS }])
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await world.passUntil(MONDAY + 18 * DAY_MS + HOUR_MS)
    expect(world.sent).toHaveLength(2 * PEOPLE)
  })

  test('putting the workflow away in the middle empties it, frozen or not', async () => {
    await world.commands('pause-workflow', { id })
    await runJobChunk(world.db, world.engine, 3)
    await world.commands('archive-workflow', { id })
    await world.pass(30 * DAY_MS)
    const ended = await world.db.sql.selectFrom('enrollment').select(['status', 'end_reason']).distinct().execute()
    expect(ended).toEqual([{ status: 'exited', end_reason: 'archived' }])
    expect(world.sent).toHaveLength(PEOPLE)
    expect(await running()).toEqual([])
  })

  test('a change that comes before the job has come to a person finds them awake', async () => {
    const until = await world.publish({
      ...twoMails(),
      start: 'w',
      triggers: [{ id: 't', kind: 'event', event: 'Asked' }],
      steps: [
        {
          id: 'w',
          kind: 'wait-until',
          paths: [{ id: 'p', label: 'Answered', when: { event: 'Answered' }, next: 'mail' }],
          timeout: { after: 'P5D', next: null },
        },
        { id: 'mail', kind: 'send-email', email: 'offer', next: null },
      ],
    })
    const [ada, bob] = [await world.subscriber('ada@example.com'), await world.subscriber('bob@example.com')]
    for (const who of [ada, bob]) await world.event(who, 'Asked')
    await world.settle()
    await world.commands('pause-workflow', { id: until })
    await world.pass(DAY_MS)
    await world.commands('resume-workflow', { id: until, catchUp: 'shift' })
    await runJobChunk(world.db, world.engine, 1)
    await world.event(bob, 'Answered')
    const rows = await world.db.sql
      .selectFrom('enrollment')
      .select(['contact_id', 'status'])
      .where('workflow_id', '=', until)
      .execute()
    expect(rows).toContainEqual({ contact_id: bob, status: 'completed' })
  })
})

describe('a workflow that was put away', () => {
  test('is not restored while people are still leaving it, so that nobody new is thrown out with them', async () => {
    await world.commands('archive-workflow', { id })
    await runJobChunk(world.db, world.engine, 3)
    await expect(world.commands('restore-workflow', { id })).rejects.toMatchObject({ status: 409 })
    expect(await workflowStatus()).toBe('archived')
    await world.settle()
    await world.commands('restore-workflow', { id })
    await world.event(await world.subscriber('new@example.com'), 'Signed up')
    await world.settle()
    expect(await statuses()).toMatchObject({ active: 1 })
  })

  test('and never had a version has nobody to wait for', async () => {
    const document = parseDocument(twoMails())
    const { id: draft } = await world.commands('create-workflow', { document, userId: null })
    await world.commands('archive-workflow', { id: draft })
    await world.commands('restore-workflow', { id: draft })
    expect(await running()).toEqual([])
  })
})
