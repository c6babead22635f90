import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../shared/json.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { workflow } from '../../support/documents.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

const steps = [
  { id: 'a', kind: 'send-email', email: 'hello', next: 'w' },
  { id: 'w', kind: 'wait', for: 'P1D', next: null },
]
const document: JsonObject = workflow({ steps, emails: ['hello'] })
const hello = (document.emails as Record<string, JsonObject>).hello ?? {}

describe('a draft has changes', () => {
  test.each<[string, JsonObject, boolean]>([
    ['a card was moved', { layout: { a: { x: 400, y: 20 } } }, false],
    ['a note was written', { notes: [{ id: 'n', text: 'Ask Mai', x: 0, y: 0 }] }, false],
    ['the steps stand in another order', { steps: [...steps].reverse() }, false],
    ['a wait is longer', { steps: [steps[0] ?? {}, { ...steps[1], for: 'P2D' }] }, true],
    ['a subject is another', { emails: { hello: { ...hello, subject: 'Other' } } }, true],
    ['a setting is another', { settings: { reentry: 'always' } }, true],
    ['a trigger is gone', { triggers: [{ id: 't2', kind: 'manual' }] }, true],
    ['it is called otherwise', { name: 'Other' }, true],
    ['nothing was done', {}, false],
  ])('when %s', async (_what, change, expected) => {
    const id = await t.world.publish({ ...document, layout: { a: { x: 0, y: 0 } } })
    await t.call(
      'PUT',
      `/api/v1/workflows/${id}/draft`,
      { layout: { a: { x: 0, y: 0 } }, ...document, ...change },
      { 'if-match': '"1"' },
    )
    const { body } = await t.call('GET', '/api/v1/workflows')
    expect(body).toMatchObject({ items: [{ hasChanges: expected }] })
  })
})

describe('what marketing mail lacks', () => {
  test.each([
    [{ senderEmail: '', postalAddress: '1 Street' }, 'email'],
    [{ senderEmail: 'a@example.com', postalAddress: '' }, 'postal'],
  ])('%j is said: %s', async (workspace, context) => {
    await t.commands('save-workspace', workspace)
    const { body } = await t.call<{ id: string }>('POST', '/api/v1/workflows', document)
    const read = await t.call('GET', `/api/v1/workflows/${body.id}`)
    const problems = read.body.problems as { code: string; params?: unknown }[]
    expect(problems.find(({ code }) => code === 'no-sender')?.params).toEqual({ context })
  })
})
