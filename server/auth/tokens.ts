/** Tokens people and machines hold. Only their SHA-256 is kept. */
import { createHash, randomBytes } from 'node:crypto'

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** 256 bits for the session cookie. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url')

/** `pk_` and 43 characters. */
export const newApiKey = (): string => `pk_${randomBytes(32).toString('base64url')}`

/** What lists show to recognise a key by. */
export const keyPrefix = (key: string): string => key.slice(0, 9)
