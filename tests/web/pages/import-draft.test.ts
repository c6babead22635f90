import { describe, expect, test } from 'vitest'
import type { ImportPreview } from '../../../shared/api/contacts.ts'
import {
  attributeOf,
  draftOf,
  mappingOf,
  optionsOf,
  targetsTwice,
  waitsFor,
  whyOfGuess,
  withTarget,
} from '../../../web/pages/import/import-draft.ts'
import { refusedValue } from '../../../web/pages/import/refused-value.ts'
import { createRowCounter } from '../../../web/pages/import/row-counter.ts'

const column = (name: string, guess: string | null, why = 'known-word') => ({ name, guess, why, samples: [] })
const preview = (...columns: ImportPreview['columns']): ImportPreview => ({
  encoding: 'utf-8',
  delimiter: ',',
  header: true,
  columns,
  rows: [],
  warnings: [],
})
const draft = (...columns: ImportPreview['columns']) => draftOf(preview(...columns), {}, null)
const email = column('email', 'email', 'same-header')

describe('a draft of an import', () => {
  test('starts from the guesses, with the question of consent open', () => {
    const started = draft(email, column('Notiz', null, 'empty'))
    expect(started.targets).toEqual(['email', null])
    expect(started.consent).toBeNull()
    expect(optionsOf(started)).toBeNull()
  })

  test('keeps the answers when the file is only read differently', () => {
    const answered = { ...draft(email), consent: 'granted' as const, consentSource: 'fair' }
    const again = draftOf(preview(column('E-Mail', 'email')), { delimiter: ';' }, answered)
    expect(again).toMatchObject({ consent: 'granted', consentSource: 'fair', readAs: { delimiter: ';' } })
  })

  test('waits for an identity, then for columns that claim the same, then for consent', () => {
    const nobody = draft(column('City', 'attributes.city'))
    expect(waitsFor(nobody)).toBe('identity')
    const twice = draft(email, column('Mail 2', 'email'))
    expect(waitsFor(twice)).toBe('twice')
    expect(waitsFor(withTarget(twice, 1, null))).toBe('consent')
    expect(waitsFor({ ...draft(email), consent: 'unknown' })).toBeNull()
  })

  test('several columns may become tags, never the same attribute', () => {
    expect(targetsTwice(draft(column('a', 'tags'), column('b', 'tags')))).toEqual([])
    expect(targetsTwice(draft(column('a', 'attributes.x'), column('b', 'attributes.x')))).toEqual(['attributes.x'])
  })

  test('sends the proof only with a yes', () => {
    const said = { ...draft(email), consentSource: ' fair ', consentText: '' }
    expect(optionsOf({ ...said, consent: 'granted' })).toMatchObject({ consent: 'granted', consentSource: 'fair' })
    expect(optionsOf({ ...said, consent: 'unknown' })).not.toHaveProperty('consentSource')
    expect(mappingOf(said)).toEqual({ email: 'email' })
  })
})

describe('why a column got its guess', () => {
  test.each([
    ['First name', 'attributes.first_name', 'same-header'],
    ['TIMEZONE', 'timezone', 'same-header'],
    ['Vorname', 'attributes.first_name', 'known-word'],
    ['Mail', 'email', 'known-word'],
  ])('%s to %s: %s', (name, guess, why) => {
    expect(whyOfGuess(column(name, guess))).toBe(why)
  })

  test('other reasons stay as they are', () => {
    expect(whyOfGuess(column('x', 'email', 'looks-like-email'))).toBe('looks-like-email')
    expect(whyOfGuess(column('x', null, 'empty'))).toBe('empty')
  })
})

describe('attributes named after their header', () => {
  test.each([
    ['Total spent (€)', 'attributes.total_spent'],
    ['Họ và tên', 'attributes.họ_và_tên'],
    ['***', 'attributes.column'],
  ])('%s becomes %s', (header, target) => {
    expect(attributeOf(header)).toBe(target)
  })
})

describe('counting the people in a file', () => {
  const count = (text: string, delimiter = ',') => {
    const counter = createRowCounter(delimiter)
    for (const sign of text) counter.add(sign) // any cut between pieces gives the same
    return counter.rows()
  }
  test.each([
    ['', 0],
    ['a,b', 1],
    ['a,b\n', 1],
    ['a,b\r\nc,d\r\n', 2],
    ['a\n\n  \n,\nb', 2],
    ['"a\nb",c\nd,e', 2],
    ['"say ""x\ny""",c\nd,e', 2],
    ['5" pipe,x\nd,e', 2],
  ])('%j has %d', (text, rows) => {
    expect(count(text)).toBe(rows)
  })
})

describe('the value a row was refused for', () => {
  test('is read from the beginning of the sentence', () => {
    expect(refusedValue('"not-an-address" is no email address.')).toBe('not-an-address')
    expect(refusedValue('"a \\"b\\"" is no email address.')).toBe('a "b"')
    expect(refusedValue('The row has 3 cells.')).toBeNull()
  })
})
