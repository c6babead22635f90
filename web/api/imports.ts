/** Importing a file of contacts: look at its head, send it, follow it. */
import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { page } from '../../shared/api/common.ts'
import {
  type ImportCheck,
  type ImportPreview,
  type ImportState,
  importCheck,
  importPreview,
  importState,
} from '../../shared/api/contacts.ts'
import { call, nothing, type Query, queryString } from './client.ts'
import { contactsKey } from './contacts.ts'

/** What the server reads to guess the columns. */
export const PREVIEW_BYTES = 256 * 1024

export type ReadAs = { encoding?: string; delimiter?: string; header?: 'true' | 'false' }
export type ImportOptions = ReadAs & {
  mapping: Readonly<Record<string, string | null>>
  consent: 'granted' | 'unknown'
  consentSource?: string
  consentText?: string
  trigger: boolean
}

const started = z.object({ importId: z.string() })
const path = (id: string): string => `/imports/${encodeURIComponent(id)}`
const upload = (file: Blob, query: Query) => ({ raw: file, contentType: 'text/csv', query })

export const previewImport = (file: File, readAs: ReadAs = {}): Promise<ImportPreview> =>
  call(importPreview, 'POST', '/contacts/import/preview', upload(file.slice(0, PREVIEW_BYTES), readAs))

export const startImport = (file: File, options: ImportOptions): Promise<{ importId: string }> => {
  const { mapping, trigger, ...rest } = options
  const query = { ...rest, mapping: JSON.stringify(mapping), trigger: String(trigger), fileName: file.name }
  return call(started, 'POST', '/contacts/import', upload(file, query))
}

export const getImport = (id: string): Promise<ImportState> => call(importState, 'GET', path(id))
export const listImports = () => call(page(importState), 'GET', '/imports')
export const cancelImport = (id: string): Promise<unknown> => call(nothing, 'POST', `${path(id)}/cancel`)
export const rejectedUrl = (id: string, locale: string): string =>
  `/api/v1${path(id)}/rejected.csv${queryString({ locale })}`

const LOOK_EVERY_MS = 500

/** Follow an import until it ends. */
export function useImport(id: string) {
  return useQuery({
    queryKey: ['import', id],
    queryFn: () => getImport(id),
    refetchInterval: (query) => (query.state.data?.status === 'running' ? LOOK_EVERY_MS : false),
  })
}

export function useStartImport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ file, options }: { file: File; options: ImportOptions }) => startImport(file, options),
    onSuccess: () => client.invalidateQueries({ queryKey: contactsKey }),
  })
}

/** Larger files are sent once, for the import itself. */
const LARGEST_CHECKED_BYTES = 64 * 1024 * 1024

export type CheckOptions = Pick<ImportOptions, 'mapping'> & ReadAs

const checkImport = (file: File, { mapping, ...rest }: CheckOptions, signal: AbortSignal): Promise<ImportCheck> =>
  call(importCheck, 'POST', '/contacts/import/check', {
    ...upload(file, { ...rest, mapping: JSON.stringify(mapping) }),
    signal,
  })

/** What would become of each row; asked again when the mapping changes, the question before is let go. */
export function useImportCheck(file: File, options: CheckOptions | null) {
  const isPossible = file.size <= LARGEST_CHECKED_BYTES
  const check = useQuery({
    queryKey: ['import-check', file.name, file.size, file.lastModified, options],
    queryFn: options === null ? skipToken : ({ signal }) => checkImport(file, options, signal),
    enabled: isPossible,
    placeholderData: keepPreviousData,
    retry: false,
  })
  return { data: check.data, isError: check.isError, isFetching: check.isFetching, isPossible }
}
