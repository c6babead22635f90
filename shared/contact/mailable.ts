/** May we mail this person now? Asked when a mail is queued, when it is claimed and before DATA. */
import type { ConsentStatus, Suppression } from '../condition/facts.ts'
import type { MessageClass } from '../workflow/document.ts'

export type Addressee = {
  email: string | null
  suppression: Suppression
  consent: Readonly<Record<string, ConsentStatus>>
}
export type Mailable = { ok: true } | { ok: false; reason: 'no-address' | 'suppressed' | 'no-consent' }

/** The topic that every marketing mail needs. */
export const MARKETING_TOPIC = 'marketing'

const YES: Mailable = { ok: true }
const NO_ADDRESS: Mailable = { ok: false, reason: 'no-address' }
const SUPPRESSED: Mailable = { ok: false, reason: 'suppressed' }
const NO_CONSENT: Mailable = { ok: false, reason: 'no-consent' }

/** Marketing needs a consent that was granted and no suppression at all; transactional mail is stopped by a hard one only. */
export function mayMail({ email, suppression, consent }: Addressee, messageClass: MessageClass): Mailable {
  if (email === null || email === '') return NO_ADDRESS
  if (suppression === 'hard') return SUPPRESSED
  if (messageClass === 'transactional') return YES
  if (suppression !== 'none') return SUPPRESSED
  return Object.hasOwn(consent, MARKETING_TOPIC) && consent[MARKETING_TOPIC] === 'granted' ? YES : NO_CONSENT
}
