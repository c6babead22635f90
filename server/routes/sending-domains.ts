/** DKIM keys of the domains mail comes from: make one, show its DNS record, look whether it is there, sign with it. */
import { createRoute, z } from '@hono/zod-openapi'
import { domainSigningBody, type SendingDomain, sendingDomain, sendingDomainBody } from '../../shared/api/settings.ts'
import { parseAddress } from '../../shared/contact/address.ts'
import { notFound, unprocessable } from '../../shared/errors.ts'
import { sendingDomainId, toApiId } from '../../shared/ids.ts'
import { asDkimAlgorithm, compareRecord, DNS_CHECK_STATUSES, dkimRecord } from '../../shared/message/dkim-record.ts'
import { iso, isoOrNull } from '../db/queries/page.ts'
import { findSendingDomain, listSendingDomains } from '../db/queries/sending-domains.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import { needs } from './access.ts'
import { answers, answersNothing, idParam, jsonBody, noBody, router } from './define.ts'
import type { RouteDeps } from './deps.ts'

const tags = ['Settings']
const one = (verb: string) => ({ path: `/sending-domains/{id}${verb}`, tags, middleware: [needs('settings:write')] })
const list = createRoute({
  method: 'get',
  path: '/sending-domains',
  tags,
  summary: 'DKIM keys with their DNS records; private keys never come out',
  middleware: [needs('settings:read')],
  responses: answers(z.object({ items: z.array(sendingDomain) }), 'All of them'),
})
const create = createRoute({
  method: 'post',
  path: '/sending-domains',
  tags,
  summary: 'Make a DKIM key. It signs nothing yet; another key of the domain signs on until this one is switched on.',
  middleware: [needs('settings:write')],
  request: { body: jsonBody(sendingDomainBody) },
  responses: answers(sendingDomain, 'Made', [401, 403, 409, 422], 201),
})
const check = createRoute({
  ...one('/check'),
  method: 'post',
  summary: 'Look the record up in the DNS; `check` says what was found. 200 in every case.',
  request: { params: idParam(sendingDomainId) },
  responses: answers(sendingDomain, 'Looked up', [401, 403, 404]),
})
const signing = createRoute({
  ...one('/signing'),
  method: 'post',
  summary: 'Sign with this key, or no more. Its record must have been seen, unless `force` is true.',
  request: { params: idParam(sendingDomainId), body: jsonBody(domainSigningBody) },
  responses: answers(sendingDomain, 'Done', [401, 403, 404, 409, 422]),
})
const remove = createRoute({
  ...one(''),
  method: 'delete',
  summary: 'Forget a key. Mail it signed verifies as long as its record stays in the DNS.',
  request: { params: idParam(sendingDomainId) },
  responses: answersNothing('Gone', [401, 403, 404]),
})

type Row = NonNullable<Awaited<ReturnType<typeof findSendingDomain>>>

export function sendingDomainRoutes({ db, commands, dkim }: RouteDeps) {
  const shown = (row: Row): SendingDomain => {
    const algorithm = asDkimAlgorithm(row.algorithm)
    const status = DNS_CHECK_STATUSES.find((one) => one === row.check_status)
    return {
      id: toApiId(row.id),
      domain: row.domain,
      selector: row.selector,
      algorithm,
      record: dkimRecord({ domain: row.domain, selector: row.selector, algorithm, publicKey: row.public_key }),
      isSigning: row.is_signing === 1,
      isReadable: dkim.canOpen(row.private_key_sealed),
      createdAt: iso(row.created_at),
      seenAt: isoOrNull(row.seen_at),
      check:
        row.checked_at === null || status === undefined
          ? null
          : { at: iso(row.checked_at), status, found: z.array(z.string()).parse(JSON.parse(row.check_found ?? '[]')) },
    }
  }
  const read = async (id: number): Promise<Row> => {
    const row = await findSendingDomain(db, id)
    if (row === null) throw notFound('sending domain', id)
    return row
  }
  return router()
    .openapi(list, async (c) => c.json({ items: (await listSendingDomains(db)).map(shown) }))
    .openapi(create, async (c) => {
      const body = c.req.valid('json')
      const domain = domainOf(body.domain ?? (await findWorkspace(db))?.senderEmail.split('@').at(-1) ?? '')
      const key = await dkim.makeKey(body.algorithm)
      const { id } = await commands('add-sending-domain', { domain, algorithm: body.algorithm, ...key })
      return c.json(shown(await read(id)), 201)
    })
    .openapi(check, async (c) => {
      const { id } = c.req.valid('param')
      const row = await read(id)
      const found = await dkim.lookUpTxt(shown(row).record.name)
      const status = found === null ? 'unanswered' : compareRecord({ publicKey: row.public_key }, found)
      const kept = (found ?? []).slice(0, 10).map((text) => text.slice(0, 2_000))
      await commands('note-domain-check', { id, status, found: kept })
      return c.json(shown(await read(id)))
    })
    .openapi(signing, async (c) => {
      const { id } = c.req.valid('param')
      const { on, force } = c.req.valid('json')
      if (on && !shown(await read(id)).isReadable) {
        throw unprocessable('unreadable-key', 'This key was sealed under another SECRET_KEY; make a new one.')
      }
      await commands('set-domain-signing', { id, on, force })
      return c.json(shown(await read(id)))
    })
    .openapi(remove, async (c) => {
      await commands('remove-sending-domain', { id: c.req.valid('param').id })
      return noBody()
    })
}

/** As the DNS has it: lower case, A-labels. */
function domainOf(text: string): string {
  const parsed = parseAddress(`postmaster@${text.trim()}`)
  const domain = parsed.ok ? parsed.envelope.slice(parsed.envelope.lastIndexOf('@') + 1).toLowerCase() : ''
  if (!/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(domain)) {
    throw unprocessable(
      'bad-domain',
      `\`domain\` is ${JSON.stringify(text)}; expected a name such as mail.example.com.`,
    )
  }
  return domain
}
