/** A sending account while it is edited: numbers may be empty, the password may be the saved one. */
import type { AccountBody } from '../../shared/api/session.ts'
import type { SendingAccount } from '../../shared/api/settings.ts'
import type { Security } from '../../shared/message/smtp-url.ts'

export type AccountValues = {
  kind: 'inbox' | 'smtp'
  host: string
  port: number | string
  security: Security
  username: string
  password: string
  /** False while the saved password stays. */
  isPasswordNew: boolean
  maxConnections: number | string
  ratePerSecond: number | string
  ratePerHour: number | string
  quotaPerDay: number | string
}

export const EMPTY_ACCOUNT: AccountValues = {
  kind: 'inbox',
  host: '',
  port: 587,
  security: 'starttls',
  username: '',
  password: '',
  isPasswordNew: true,
  maxConnections: 10,
  ratePerSecond: '',
  ratePerHour: '',
  quotaPerDay: '',
}

/** What the form starts with. The built-in inbox has a port of its own that is nobody's business: the form starts empty. */
export function accountValuesOf(account: SendingAccount): AccountValues {
  if (account.kind === 'inbox') return EMPTY_ACCOUNT
  return {
    kind: account.kind,
    host: account.host,
    port: account.port,
    security: account.security,
    username: account.username,
    password: '',
    isPasswordNew: !account.hasPassword,
    maxConnections: account.maxConnections,
    ratePerSecond: account.ratePerSecond ?? '',
    ratePerHour: account.ratePerHour ?? '',
    quotaPerDay: account.quotaPerDay ?? '',
  }
}

const numberOr = <T>(value: number | string, otherwise: T): number | T =>
  value === '' || !Number.isFinite(Number(value)) ? otherwise : Number(value)

export function accountBodyOf(values: AccountValues): AccountBody {
  return {
    kind: values.kind,
    name: values.host,
    host: values.host.trim(),
    port: numberOr(values.port, 587),
    security: values.security,
    username: values.username.trim(),
    ...(values.isPasswordNew ? { password: values.password } : {}),
    maxConnections: numberOr(values.maxConnections, 10),
    ratePerSecond: numberOr(values.ratePerSecond, null),
    ratePerHour: numberOr(values.ratePerHour, null),
    quotaPerDay: numberOr(values.quotaPerDay, null),
  }
}

/** The port that usually goes with an encryption, offered when it changes. */
export const USUAL_PORT: Record<AccountValues['security'], number> = {
  none: 25,
  opportunistic: 587,
  starttls: 587,
  tls: 465,
}
