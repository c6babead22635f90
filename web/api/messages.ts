/** The message log and the embedded inbox. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import {
  type InboxMailDetail,
  inboxMailDetail,
  inboxPage,
  type MessageStatus,
  messagePage,
} from '../../shared/api/messages.ts'
import { call, callText, nothing, type Query } from './client.ts'

export type MessagePage = z.infer<typeof messagePage>
export type InboxPage = z.infer<typeof inboxPage>
export type MessageQuery = {
  status?: MessageStatus
  workflowId?: string
  stepId?: string
  contactId?: string
  cursor?: string
  limit?: number
}
export type Resolution = 'sent' | 'resend' | 'drop'

export const listMessages = (query: MessageQuery): Promise<MessagePage> =>
  call(messagePage, 'GET', '/messages', { query })
export const resolveMessage = (id: string, as: Resolution): Promise<unknown> =>
  call(nothing, 'POST', `/messages/${encodeURIComponent(id)}/resolve`, { body: { as } })

export const listInbox = (query: { q?: string; cursor?: string }): Promise<InboxPage> =>
  call(inboxPage, 'GET', '/inbox', { query: { limit: 50, ...query } })
export const getMail = (id: string): Promise<InboxMailDetail> =>
  call(inboxMailDetail, 'GET', `/inbox/${encodeURIComponent(id)}`)
export const rawUrl = (id: string): string => `/api/v1/inbox/${encodeURIComponent(id)}/raw`
export const getRawMail = (id: string, signal: AbortSignal): Promise<string> =>
  callText(`/inbox/${encodeURIComponent(id)}/raw`, signal)

/** Counting stops here: above it a person only needs to know that it is more. */
export const COUNTED_MAILS = 2_000
const COUNT_PAGE = 200

/** How many mails the inbox keeps, at most one more than COUNTED_MAILS; it has no total of its own. */
export async function countInbox(): Promise<number> {
  let count = 0
  let cursor: string | undefined
  do {
    const query: Query = { limit: COUNT_PAGE, ...(cursor === undefined ? {} : { cursor }) }
    const read = await call(inboxPage, 'GET', '/inbox', { query })
    count += read.items.length
    cursor = read.nextCursor ?? undefined
  } while (cursor !== undefined && count <= COUNTED_MAILS)
  return count
}

export const emptyInbox = (): Promise<unknown> => call(nothing, 'DELETE', '/inbox')

export const messagesKey = ['messages'] as const
export const inboxKey = ['inbox'] as const
const LOG_EVERY_MS = 5_000
const INBOX_EVERY_MS = 2_000

export function useMessages(query: MessageQuery) {
  return useQuery({
    queryKey: [...messagesKey, query],
    queryFn: () => listMessages(query),
    placeholderData: keepPreviousData,
    refetchInterval: LOG_EVERY_MS,
  })
}

export function useResolveMessage() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, as }: { id: string; as: Resolution }) => resolveMessage(id, as),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: messagesKey }),
        client.invalidateQueries({ queryKey: ['status'] }),
      ]),
  })
}

export function useInbox(query: { q?: string; cursor?: string }) {
  return useQuery({
    queryKey: [...inboxKey, 'list', query],
    queryFn: () => listInbox(query),
    placeholderData: keepPreviousData,
    refetchInterval: INBOX_EVERY_MS,
  })
}

export function useMail(id: string | null) {
  return useQuery({
    queryKey: [...inboxKey, 'mail', id],
    queryFn: () => getMail(id ?? ''),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY, // a mail that arrived never changes
  })
}

export function useRawMail(id: string) {
  return useQuery({
    queryKey: [...inboxKey, 'raw', id],
    queryFn: ({ signal }) => getRawMail(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useEmptyInbox() {
  const client = useQueryClient()
  return useMutation({ mutationFn: emptyInbox, onSuccess: () => client.invalidateQueries({ queryKey: inboxKey }) })
}
