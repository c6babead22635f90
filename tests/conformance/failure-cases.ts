/** What the database refuses is the fault of a row; what it cannot do is its own. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { isStorageFailure } from '../../server/db/errors.ts'
import { contact, entry, type Inside, living, mail } from './given.ts'

async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('expected it to fail')
}

export function failureCases(inside: Inside): void {
  test('a second message of one cause, a check that does not hold: of the row', () =>
    inside(async (given) => {
      const row = await living(given)
      const twice = { enrollments: [], log: [], messages: [mail(row), mail(row)] }
      expect(isStorageFailure(await errorOf(() => given.store.writeActivations(twice)))).toBe(false)
    }))

  test('an entry that says nothing of its step: of the row', () =>
    inside(async (given) => {
      const id = await contact(given)
      expect(isStorageFailure(await errorOf(() => given.store.insertEnrollment(entry(id, { entryNo: 0 }))))).toBe(false)
    }))

  test('a table that is not there: of the database', () =>
    inside(async (given) => {
      expect(isStorageFailure(await errorOf(() => sql`SELECT 1 FROM nowhere`.execute(given.sql)))).toBe(true)
    }))

  test('any other error is nobody of theirs', () => {
    expect(isStorageFailure(new Error('no'))).toBe(false)
    expect(isStorageFailure('no')).toBe(false)
  })
}
