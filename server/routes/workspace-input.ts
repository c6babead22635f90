/** What forms say of zones and addresses, refused in a sentence. */
import { parseAddress } from '../../shared/contact/address.ts'
import { unprocessable } from '../../shared/errors.ts'
import { isZone } from '../../shared/time/zones.ts'

export function zoneOrRefuse(zone: string): string {
  if (isZone(zone)) return zone
  throw unprocessable(
    'bad-timezone',
    `The time zone is ${JSON.stringify(zone)}; expected an IANA name such as Asia/Ho_Chi_Minh.`,
  )
}

export function plainAddress(text: string, field: string): string {
  const parsed = parseAddress(text.trim())
  if (parsed.ok) return parsed.address
  throw unprocessable(
    'bad-address',
    `\`${field}\` is ${JSON.stringify(text.slice(0, 100))}; expected an email address. ${parsed.message}`,
  )
}

export function foldedAddress(text: string, field: string): string {
  plainAddress(text, field)
  const parsed = parseAddress(text.trim())
  return parsed.ok ? parsed.folded : text
}
