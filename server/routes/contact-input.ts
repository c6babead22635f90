/** From what a request says about a contact to what commands take. */

import type { ContactRefBody } from '../../shared/api/common.ts'
import type { ContactBody } from '../../shared/api/contacts.ts'
import type { ConsentStatus } from '../../shared/condition/facts.ts'
import { parseAddress } from '../../shared/contact/address.ts'
import { notFound, unprocessable } from '../../shared/errors.ts'
import { type ContactId, contactId } from '../../shared/ids.ts'
import { isZone } from '../../shared/time/zones.ts'
import type { ConsentChange, ContactPatch, ContactRef } from '../commands/contract.ts'
import type { Db } from '../db/open.ts'
import { findContact, findContactId } from '../db/queries/contacts.ts'

export function refOf(body: ContactRefBody): ContactRef {
  if ('id' in body) return { id: contactId.parse(body.id) }
  if ('externalId' in body) return { externalId: body.externalId }
  const parsed = parseAddress(body.email.trim())
  if (!parsed.ok) throw badAddress('contact.email', body.email, parsed.message)
  return { email: parsed.address }
}

/** The contact of a reference. @throws RequestError 404 when there is none */
export async function resolveRef(db: Db, body: ContactRefBody): Promise<ContactId> {
  const ref = refOf(body)
  if ('id' in ref) {
    if ((await findContact(db, ref.id)) === null) throw notFound('contact', ref.id)
    return ref.id
  }
  const found =
    'email' in ref
      ? await findContactId(db, 'email', foldedOf(ref.email))
      : await findContactId(db, 'external', ref.externalId)
  if (found === null) throw notFound('contact', 'email' in ref ? ref.email : ref.externalId)
  return found
}

/** As contact_identity and email_folded hold it; what is no address folds to itself in lower case, for prefixes. */
export function foldedOf(text: string): string {
  const parsed = parseAddress(text.trim())
  return parsed.ok ? parsed.folded : text.trim().toLowerCase()
}

/** @throws RequestError 422 naming the field, the value and what is expected */
export function patchOf(body: ContactBody, source: string, address: string): ContactPatch {
  const email = body.email == null ? body.email : body.email.trim()
  if (email != null && email !== '') {
    const parsed = parseAddress(email)
    if (!parsed.ok) throw badAddress('email', email, parsed.message)
  }
  if (body.timezone != null && !isZone(body.timezone))
    throw unprocessable(
      'bad-timezone',
      `\`timezone\` is ${JSON.stringify(body.timezone)}; expected an IANA name such as Asia/Ho_Chi_Minh.`,
    )
  return {
    ...(body.email === undefined ? {} : { email: email === '' ? null : email }),
    ...(body.externalId === undefined ? {} : { externalId: body.externalId === '' ? null : body.externalId }),
    ...(body.timezone === undefined ? {} : { timezone: body.timezone }),
    ...(body.locale === undefined ? {} : { locale: body.locale }),
    ...(body.attributes === undefined ? {} : { attributes: body.attributes }),
    ...(body.tags === undefined ? {} : { tags: body.tags }),
    ...(body.consent === undefined ? {} : { consent: consentOf(body.consent, source, address) }),
  }
}

type Proof = { source?: string | undefined; text?: string | undefined; at?: string | undefined }
const PROOF_KEYS = new Set(['source', 'text', 'at'])

/** `{ marketing: "granted", source?, text?, at? }`: one topic with its proof beside it, or an object per topic. */
function consentOf(
  consent: NonNullable<ContactBody['consent']>,
  source: string,
  address: string,
): Record<string, ConsentChange> {
  const shared = (key: string) => (typeof consent[key] === 'string' ? consent[key] : null)
  const changes: [string, ConsentChange][] = []
  for (const [topic, given] of Object.entries(consent)) {
    if (PROOF_KEYS.has(topic) && typeof given === 'string') continue
    const proof: Proof = typeof given === 'object' ? given : {}
    const status = typeof given === 'object' ? given.status : given
    if (!isStatus(status))
      throw unprocessable(
        'bad-consent',
        `\`consent.${topic}\` is ${JSON.stringify(status).slice(0, 80)}; expected granted, withdrawn or unknown.`,
      )
    const at = proof.at ?? shared('at')
    changes.push([
      topic,
      {
        status,
        source: proof.source ?? shared('source') ?? source,
        text: proof.text ?? shared('text'),
        at: at === null ? null : instantOf(at, `consent.${topic}.at`),
        address,
      },
    ])
  }
  return Object.fromEntries(changes)
}

const isStatus = (text: string): text is ConsentStatus =>
  text === 'granted' || text === 'withdrawn' || text === 'unknown'

/** Milliseconds of an ISO 8601 instant with its offset. @throws RequestError 422 */
export function instantOf(text: string, field: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (Number.isNaN(at))
    throw unprocessable(
      'bad-instant',
      `\`${field}\` is ${JSON.stringify(text.slice(0, 60))}; expected an instant such as 2026-01-31T09:00:00Z.`,
    )
  return at
}

function badAddress(field: string, value: string, why: string) {
  return unprocessable(
    'bad-address',
    `\`${field}\` is ${JSON.stringify(value.slice(0, 100))}; expected an email address. ${why}`,
  )
}
