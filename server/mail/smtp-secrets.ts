/** What we sign in with must not come back out of a server's mouth: its words go into the database, onto screens and into logs. */
import type { LaneSettings } from './smtp-settings.ts'

const HIDDEN = '[hidden]'
/** Shorter ones are in half of all words; their encoded forms are hidden all the same. */
const SHORTEST = 4

/** @returns a function that takes the password out of a text, as it is and as AUTH PLAIN and AUTH LOGIN write it */
export function withoutSecrets({
  username,
  password,
}: Pick<LaneSettings, 'username' | 'password'>): (text: string) => string {
  if (password === null || password === '') return (text) => text
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const encoded = [
    base64(`\0${username}\0${password}`),
    base64(`${username}\0${username}\0${password}`),
    base64(password),
  ]
  const escaped = [encodeURIComponent(password), JSON.stringify(password).slice(1, -1), password.replaceAll('"', '""')]
  const plain = [password, ...escaped].filter((form) => form.length >= SHORTEST)
  // Without their padding too, and the longest first: one may hold another.
  const forms = [...encoded.flatMap((form) => [form, form.replace(/=+$/, '')]), ...plain]
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text)
}
