/** Contacts: save, read, search, journal, consent, export, erase. */
import { createRoute, z } from '@hono/zod-openapi'
import { pageQuery } from '../../shared/api/common.ts'
import { consentLedger, contact, contactBody, contactPage, fields, journalPage } from '../../shared/api/contacts.ts'
import { type Condition, conditionSchema } from '../../shared/condition/schema.ts'
import { foldForSearch } from '../../shared/contact/values.ts'
import { badRequest, notFound, unprocessable } from '../../shared/errors.ts'
import { type ContactId, contactId } from '../../shared/ids.ts'
import type { Db } from '../db/open.ts'
import {
  contactOf,
  findContact,
  findContactId,
  listConsents,
  listFields,
  listNewestContacts,
  searchContacts,
} from '../db/queries/contacts.ts'
import { readJournal } from '../db/queries/journal.ts'
import { contactTotals } from '../db/queries/totals.ts'
import { needs } from './access.ts'
import { exportContacts } from './contact-export.ts'
import { foldedOf, patchOf } from './contact-input.ts'
import { answers, answersNothing, idParam, jsonBody, refusals, router } from './define.ts'
import type { RouteDeps } from './deps.ts'

const tags = ['Contacts']
const put = createRoute({
  method: 'put',
  path: '/contacts',
  tags,
  summary: 'Save a contact by email or externalId; merges, null deletes a value',
  middleware: [needs('contacts:write')],
  request: { body: jsonBody(contactBody) },
  responses: { ...answers(contact, 'Changed', [401, 403, 409, 422]), ...answers(contact, 'New', [], 201) },
})
const patch = createRoute({
  method: 'patch',
  path: '/contacts/{id}',
  tags,
  summary: 'Change a contact by id; the same body as PUT',
  middleware: [needs('contacts:write')],
  request: { params: idParam(contactId), body: jsonBody(contactBody) },
  responses: answers(contact, 'Changed', [401, 403, 404, 409, 422]),
})
const listQuery = pageQuery.extend({
  q: z.string().max(320).optional(),
  email: z.string().max(320).optional(),
  externalId: z.string().max(200).optional(),
})
const list = createRoute({
  method: 'get',
  path: '/contacts',
  tags,
  summary: 'Newest first; `email` and `externalId` exactly, `q` is a prefix of address or name',
  middleware: [needs('contacts:read')],
  request: { query: listQuery },
  responses: answers(contactPage, 'A page'),
})
const read = createRoute({
  method: 'get',
  path: '/contacts/{id}',
  tags,
  summary: 'One contact',
  middleware: [needs('contacts:read')],
  request: { params: idParam(contactId) },
  responses: answers(contact, 'The contact', [401, 403, 404]),
})
const erase = createRoute({
  method: 'delete',
  path: '/contacts/{id}',
  tags,
  summary: 'Erase a contact and everything kept of them',
  middleware: [needs('contacts:write')],
  request: { params: idParam(contactId) },
  responses: answersNothing('Erased', [401, 403, 404]),
})
const journal = createRoute({
  method: 'get',
  path: '/contacts/{id}/journal',
  tags,
  summary: 'Everything that happened, newest first',
  middleware: [needs('contacts:read')],
  request: { params: idParam(contactId), query: pageQuery },
  responses: answers(journalPage, 'A page', [400, 401, 403, 404]),
})
const consents = createRoute({
  method: 'get',
  path: '/contacts/{id}/consents',
  tags,
  summary: 'The consent ledger: what was agreed to, when, how and with which words',
  middleware: [needs('contacts:read')],
  request: { params: idParam(contactId) },
  responses: answers(consentLedger, 'Newest first', [401, 403, 404]),
})
const readFields = createRoute({
  method: 'get',
  path: '/contacts/fields',
  tags,
  summary: 'What conditions, mappings and variables can name',
  middleware: [needs('contacts:read')],
  responses: answers(fields, 'The fields', [401, 403]),
})
const exportQuery = z.object({
  format: z.enum(['csv', 'jsonl']).optional(),
  q: z.string().max(320).optional(),
  /** JSON of a condition. */
  condition: z.string().max(100_000).optional(),
})
const exportFile = createRoute({
  method: 'get',
  path: '/contacts/export',
  tags,
  summary:
    'All contacts, or those a search or a condition finds, as CSV (cells that a spreadsheet would run are quoted) or JSON Lines',
  middleware: [needs('contacts:read')],
  request: { query: exportQuery },
  responses: {
    200: {
      description: 'The file',
      content: { 'text/csv': { schema: z.string() }, 'application/jsonl': { schema: z.string() } },
    },
    ...refusals([400, 401, 403]),
  },
})

/** @throws RequestError 400 for what is no condition */
function conditionOf(text: string | undefined): Condition | null {
  if (text === undefined || text === '') return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw badRequest('`condition` is not JSON; expected for example {"tag":"beta"}.')
  }
  const parsed = conditionSchema.safeParse(value)
  if (!parsed.success) throw badRequest('`condition` is no condition we know; expected for example {"tag":"beta"}.')
  return parsed.data
}

export function contactRoutes(deps: RouteDeps) {
  const { db, commands } = deps
  const exists = async (id: ContactId) => {
    const row = await findContact(db, id)
    if (row === null) throw notFound('contact', id)
    return row
  }
  return router()
    .openapi(put, async (c) => {
      const body = c.req.valid('json')
      if (!body.email && !body.externalId)
        throw unprocessable(
          'no-identity',
          'The body has neither `email` nor `externalId`; expected at least one to know the contact by.',
        )
      const change = patchOf(body, 'api', c.get('address'))
      const { id, created } = await commands('put-contact', { patch: change, trigger: true })
      return c.json(contactOf(await exists(id)), created ? 201 : 200)
    })
    .openapi(patch, async (c) => {
      const { id } = c.req.valid('param')
      await exists(id)
      const change = patchOf(c.req.valid('json'), 'api', c.get('address'))
      await commands('put-contact', { ref: { id }, patch: change, trigger: true })
      return c.json(contactOf(await exists(id)))
    })
    .openapi(readFields, async (c) => c.json(await listFields(db)))
    .openapi(exportFile, (c) => {
      const { format = 'csv', q = '', condition } = c.req.valid('query')
      return exportContacts(c, deps, { format, q, condition: conditionOf(condition) })
    })
    .openapi(list, async (c) => {
      const page = await find(db, c.req.valid('query'))
      return c.json({ items: page.rows.map(contactOf), nextCursor: page.nextCursor, ...(await contactTotals(db)) })
    })
    .openapi(read, async (c) => c.json(contactOf(await exists(c.req.valid('param').id))))
    .openapi(erase, async (c) => {
      const { id } = c.req.valid('param')
      await exists(id)
      await commands('erase-contact', { id })
      return c.newResponse(null, 204)
    })
    .openapi(journal, async (c) => {
      const { id } = c.req.valid('param')
      await exists(id)
      return c.json(await readJournal(db, id, c.req.valid('query')))
    })
    .openapi(consents, async (c) => {
      const { id } = c.req.valid('param')
      await exists(id)
      return c.json({ items: await listConsents(db, id) })
    })
}

/** Exactly by identity, by prefix, or simply the newest. */
async function find(db: Db, { q = '', email, externalId, limit, cursor }: z.infer<typeof listQuery>) {
  if (email !== undefined || externalId !== undefined)
    return { rows: await exactly(db, email, externalId), nextCursor: null }
  const prefixes = { email: foldedOf(q), name: foldForSearch(q) }
  if (prefixes.email === '' || prefixes.name === '') return listNewestContacts(db, { limit, cursor })
  return searchContacts(db, prefixes, { limit, cursor })
}

/** With both, the one contact who has both. */
async function exactly(db: Db, email: string | undefined, externalId: string | undefined) {
  const byEmail = email === undefined ? null : await findContactId(db, 'email', foldedOf(email))
  const byExternal = externalId === undefined ? null : await findContactId(db, 'external', externalId)
  const isBoth = email === undefined || externalId === undefined || byEmail === byExternal
  const id = isBoth ? (byEmail ?? byExternal) : null
  const row = id === null ? null : await findContact(db, id)
  return row === null ? [] : [row]
}
