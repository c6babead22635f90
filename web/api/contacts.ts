/** Contacts: list and search, one person, their consent and journal. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import {
  type Contact,
  type ContactBody,
  consentLedger,
  contact,
  contactPage,
  type Fields,
  fields,
  journalPage,
} from '../../shared/api/contacts.ts'
import { type Answer, call, callWithStatus, nothing, queryString } from './client.ts'

export type ContactPage = z.infer<typeof contactPage>
export type ContactQuery = { q?: string; email?: string; externalId?: string; cursor?: string; limit?: number }

const path = (id: string): string => `/contacts/${encodeURIComponent(id)}`

export const listContacts = (query: ContactQuery, signal?: AbortSignal): Promise<ContactPage> =>
  call(contactPage, 'GET', '/contacts', signal === undefined ? { query } : { query, signal })
export const getContact = (id: string): Promise<Contact> => call(contact, 'GET', path(id))
/** 201: new, 200: the address was known and is updated. */
export const putContact = (body: ContactBody): Promise<Answer<Contact>> =>
  callWithStatus(contact, 'PUT', '/contacts', { body })
export const patchContact = (id: string, body: ContactBody): Promise<Contact> =>
  call(contact, 'PATCH', path(id), { body })
export const eraseContact = (id: string): Promise<unknown> => call(nothing, 'DELETE', path(id))
export const getConsents = (id: string) => call(consentLedger, 'GET', `${path(id)}/consents`)
export const getJournal = (id: string, cursor?: string) =>
  call(journalPage, 'GET', `${path(id)}/journal`, { query: { cursor, limit: 50 } })
/** What conditions, mapping and the variable menu can name. */
export const getFields = (): Promise<Fields> => call(fields, 'GET', '/contacts/fields')

/** Of a file the browser keeps: all contacts, or those a search finds. */
export const exportUrl = (query: { format: 'csv' | 'jsonl'; q: string }): string =>
  `/api/v1/contacts/export${queryString(query)}`

export const contactsKey = ['contacts'] as const
const contactKey = (id: string) => ['contact', id] as const

export function useContacts(query: ContactQuery) {
  return useQuery({
    queryKey: [...contactsKey, query],
    queryFn: ({ signal }) => listContacts(query, signal),
    placeholderData: keepPreviousData,
  })
}

export function useContact(id: string) {
  return useQuery({ queryKey: contactKey(id), queryFn: () => getContact(id) })
}

export function useConsents(id: string) {
  return useQuery({ queryKey: [...contactKey(id), 'consents'], queryFn: () => getConsents(id) })
}

const JOURNAL_EVERY_MS = 5_000

export function useJournal(id: string) {
  return useInfiniteQuery({
    queryKey: [...contactKey(id), 'journal'],
    queryFn: ({ pageParam }) => getJournal(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: JOURNAL_EVERY_MS,
  })
}

export function useFields() {
  return useQuery({ queryKey: ['fields'], queryFn: getFields, staleTime: 30_000 })
}

/** Save some of one person's values; the page, its ledger and its journal read again. */
export function usePatchContact(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ContactBody) => patchContact(id, body),
    onSuccess: (saved) => {
      client.setQueryData(contactKey(id), saved)
      return Promise.all([
        client.invalidateQueries({ queryKey: contactKey(id) }),
        client.invalidateQueries({ queryKey: contactsKey }),
      ])
    },
  })
}

export function usePutContact() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: putContact,
    onSuccess: () => client.invalidateQueries({ queryKey: contactsKey }),
  })
}
