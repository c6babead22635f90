/** Which harmless alarms a person has put away, on this device. */
import { ALARM_CODES, type AlarmCode } from '../../../shared/api/settings.ts'

const keyOf = (userId: string): string => `perennial.alarms.${userId}`

export function dismissedBy(userId: string): ReadonlySet<AlarmCode> {
  const stored = localStorage.getItem(keyOf(userId))?.split(',') ?? []
  return new Set(ALARM_CODES.filter((code) => stored.includes(code)))
}

export function dismiss(userId: string, code: AlarmCode): ReadonlySet<AlarmCode> {
  const all = new Set([...dismissedBy(userId), code])
  localStorage.setItem(keyOf(userId), [...all].join(','))
  return all
}
