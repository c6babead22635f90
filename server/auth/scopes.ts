/** Who may do what. A person's role is a set of scopes, so routes ask for one thing only. */
import { SCOPES } from '../../shared/api/settings.ts'
import type { ApiKeyId, UserId } from '../../shared/ids.ts'

export type Scope = (typeof SCOPES)[number]

export type Caller =
  | { kind: 'nobody' }
  | { kind: 'user'; userId: UserId; role: string; tokenHash: string; scopes: ReadonlySet<Scope> }
  /** `keyId` null: PERENNIAL_API_KEY. */
  | { kind: 'key'; keyId: ApiKeyId | null; scopes: ReadonlySet<Scope> }

const ALL: ReadonlySet<Scope> = new Set(SCOPES)

/** owner: everything; editor: everything but settings; viewer: reading. An unknown role may do nothing. */
export function scopesOfRole(role: string): ReadonlySet<Scope> {
  if (role === 'owner') return ALL
  if (role === 'editor') return new Set(SCOPES.filter((scope) => scope !== 'settings:write'))
  if (role === 'viewer') return new Set(SCOPES.filter((scope) => scope.endsWith(':read')))
  return new Set()
}

export const everyScope = (): ReadonlySet<Scope> => ALL

/** Names a caller for remembered answers. */
export function callerName(caller: Caller): string {
  if (caller.kind === 'user') return `user:${caller.userId}`
  if (caller.kind === 'key') return `key:${caller.keyId ?? 'environment'}`
  return 'nobody'
}
