import { expect, test } from 'vitest'
import { emptyDocument } from '../../../shared/workflow/document.ts'
import { lineOfProblem, liquidFor, readProperties, variablesFor } from '../../../web/email/variables.ts'

const fields = {
  attributes: [{ key: 'first name', type: 'text' as const, samples: [] }],
  tags: [],
  topics: [],
  events: [
    { name: 'Signed up', properties: ['plan'] },
    { name: 'Order placed', properties: ['total'] },
  ],
}

test('a value is inserted with what stands there when it is missing', () => {
  expect(liquidFor('contact', 'first_name', 'there')).toBe('{{ contact.first_name | default: "there" }}')
  expect(liquidFor('event', 'cart id', '')).toBe('{{ event["cart id"] }}')
})
test('only the properties of the events that start the workflow are offered', () => {
  const document = { ...emptyDocument('x'), triggers: [{ id: 't', kind: 'event', event: 'Signed up' }] }
  const offered = variablesFor(document, fields)
  expect(offered.filter((v) => v.group === 'event').map((v) => v.name)).toEqual(['plan'])
  expect(offered.map((v) => v.liquid)).toContain('{{ unsubscribe_url }}')
})
test('a problem that names its line leads there', () => {
  expect(lineOfProblem('Line 12 of /mail (mj-text): unknown')).toBe(12)
  expect(lineOfProblem('no line here')).toBeNull()
})
test('properties being typed are not an error of the page', () => {
  expect(readProperties('{"a": 1')).toBeNull()
  expect(readProperties('')).toEqual({})
  expect(readProperties('[1]')).toBeNull()
})
