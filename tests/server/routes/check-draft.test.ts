/** How much work publishing makes of the emails of a document. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compileEmails } from '../../../server/routes/check-draft.ts'
import type { RouteDeps } from '../../../server/routes/deps.ts'
import { checkWorkflow } from '../../../shared/workflow/check.ts'
import { parseDocument } from '../../../shared/workflow/document.ts'
import { MOST_EMAILS } from '../../../shared/workflow/email-problems.ts'
import { workflow } from '../../support/documents.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** `count` emails, each sent by a step. */
const withEmails = (count: number, locales: Record<string, unknown> = {}) =>
  parseDocument({
    ...workflow({
      steps: Array.from({ length: count }, (_, i) => ({ id: `s${i}`, kind: 'send-email', email: `e${i}`, next: null })),
    }),
    emails: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`e${i}`, { subject: `${i}`, mjml: '<mjml></mjml>', locales }]),
    ),
  })

async function compiledOf(count: number, givenUpAt: number | null) {
  const seen: string[] = []
  const compiler = {
    compile: async ({ subject }: { subject: string }) => {
      seen.push(subject)
      return seen.length === givenUpAt
        ? {
            ok: false,
            isGivenUp: true,
            problems: [{ code: 'bad-mjml', severity: 'error', path: 'mjml', message: 'x' }],
          }
        : { ok: true, problems: [], email: { subject, preheader: '', html: '', text: '', links: [] } }
    },
  }
  const result = await compileEmails({ db: world.db, compiler } as unknown as RouteDeps, withEmails(count))
  return { seen, ...result }
}

describe('the emails of a document', () => {
  test('are compiled up to the first that takes for ever, whose problem is told', async () => {
    const { seen, problems } = await compiledOf(10, 3)
    expect(seen).toHaveLength(3)
    expect(problems).toMatchObject([{ code: 'bad-mjml', stepId: 's2', path: 'emails/e2/mjml' }])
  })

  test('are compiled to the last if none does', async () => {
    expect((await compiledOf(MOST_EMAILS, null)).emails).toHaveLength(MOST_EMAILS)
  })

  test('are not compiled at all if there are too many, and the check says so', async () => {
    expect(await compiledOf(MOST_EMAILS + 1, null)).toEqual({ seen: [], emails: [], problems: [] })
    const context = { attributes: {}, sender: { email: 'a@example.com', postalAddress: '1 Street' } }
    const problemsOf = (count: number, locales = {}) =>
      checkWorkflow(withEmails(count, locales), context).filter(({ code }) => code === 'too-many-emails')
    expect(problemsOf(MOST_EMAILS + 1)).toMatchObject([
      { path: 'emails', stepId: null, params: { found: MOST_EMAILS + 1, most: MOST_EMAILS } },
    ])
    expect(problemsOf(MOST_EMAILS)).toEqual([])
    // Each language is a letter of its own.
    const locales = { vi: { subject: 'x', mjml: 'x' }, zh: { subject: 'x', mjml: 'x' } }
    expect(problemsOf(70, locales)).toMatchObject([{ params: { found: 210 } }])
  })
})
