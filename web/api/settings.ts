/** Sending accounts, API keys and the heartbeat. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { page } from '../../shared/api/common.ts'
import type { AccountBody } from '../../shared/api/session.ts'
import {
  apiKey,
  type apiKeyBody,
  type ConnectionTest,
  connectionTest,
  newApiKey,
  type SendingAccount,
  type SendingDomain,
  type Status,
  sendingAccount,
  sendingDomain,
  status,
} from '../../shared/api/settings.ts'
import { call, nothing } from './client.ts'

export type ApiKeyBody = z.infer<typeof apiKeyBody>
export type NewApiKey = z.infer<typeof newApiKey>

// Short lists: the routes may answer a page or only its items.
const listOf = <T extends z.ZodType>(item: T) =>
  z.union([page(item), z.object({ items: z.array(item) })]).transform((answer) => answer.items)

export const getStatus = (): Promise<Status> => call(status, 'GET', '/status')
export const listAccounts = (): Promise<SendingAccount[]> => call(listOf(sendingAccount), 'GET', '/sending-accounts')
/** Save a sending account; without an id a new one. An absent password keeps the saved one. */
export const saveAccount = (id: string | null, body: AccountBody): Promise<unknown> =>
  id === null
    ? call(nothing, 'POST', '/sending-accounts', { body })
    : call(nothing, 'PUT', `/sending-accounts/${encodeURIComponent(id)}`, { body })
export const resumeAccount = (id: string): Promise<unknown> =>
  call(nothing, 'POST', `/sending-accounts/${encodeURIComponent(id)}/resume`)
export const pauseAccount = (id: string): Promise<unknown> =>
  call(nothing, 'POST', `/sending-accounts/${encodeURIComponent(id)}/pause`)
/** Try the server now; what came of it shows in the account. */
export const retryAccount = (id: string): Promise<unknown> =>
  call(nothing, 'POST', `/sending-accounts/${encodeURIComponent(id)}/retry`)

const domainPath = (id: string, verb = '') => `/sending-domains/${encodeURIComponent(id)}${verb}`
export const listDomains = (): Promise<SendingDomain[]> => call(listOf(sendingDomain), 'GET', '/sending-domains')
export const createDomain = (body: { domain: string; algorithm: SendingDomain['algorithm'] }): Promise<SendingDomain> =>
  call(sendingDomain, 'POST', '/sending-domains', { body })
export const checkDomain = (id: string): Promise<SendingDomain> => call(sendingDomain, 'POST', domainPath(id, '/check'))
export const setDomainSigning = (change: { id: string; on: boolean; force: boolean }): Promise<SendingDomain> =>
  call(sendingDomain, 'POST', domainPath(change.id, '/signing'), { body: { on: change.on, force: change.force } })
export const removeDomain = (id: string): Promise<unknown> => call(nothing, 'DELETE', domainPath(id))
export const testAccount = (body: AccountBody & { id?: string }): Promise<ConnectionTest> =>
  call(connectionTest, 'POST', '/sending-accounts/test', { body })
export const listKeys = () => call(listOf(apiKey), 'GET', '/api-keys')
export const createKey = (body: ApiKeyBody): Promise<NewApiKey> => call(newApiKey, 'POST', '/api-keys', { body })
export const revokeKey = (id: string): Promise<unknown> =>
  call(nothing, 'DELETE', `/api-keys/${encodeURIComponent(id)}`)

export const statusKey = ['status'] as const
export const accountsKey = ['sending-accounts'] as const
export const keysKey = ['api-keys'] as const
export const domainsKey = ['sending-domains'] as const
const HEARTBEAT_MS = 3_000
const ACCOUNTS_MS = 10_000

export function useStatus() {
  return useQuery({ queryKey: statusKey, queryFn: getStatus, refetchInterval: HEARTBEAT_MS, retry: false })
}

export function useAccounts() {
  // A server that refuses the sign-in pauses the account while somebody looks at another page.
  return useQuery({ queryKey: accountsKey, queryFn: listAccounts, refetchInterval: ACCOUNTS_MS })
}

export function useDomains() {
  return useQuery({ queryKey: domainsKey, queryFn: listDomains })
}

export function useKeys() {
  return useQuery({ queryKey: keysKey, queryFn: listKeys })
}

/** Change something in settings, then read that list and the heartbeat again. */
export function useSettingsChange<Body, Result>(
  change: (body: Body) => Promise<Result>,
  key: typeof accountsKey | typeof keysKey | typeof domainsKey,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: key }), client.invalidateQueries({ queryKey: statusKey })]),
  })
}
