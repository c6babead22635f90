import { useQuery } from '@tanstack/react-query'
import type { ImportPreview } from '../../../shared/api/contacts.ts'
import { createRowCounter } from './row-counter.ts'

/** Beyond this reading the file twice costs the person more than the number is worth. */
const LARGEST_BYTES = 64 * 1024 * 1024

/** How many rows of people the file has, read as the preview reads it; null while that is not known. */
export function useRowCount(file: File, { encoding, delimiter, header }: ImportPreview): number | null {
  const count = useQuery({
    queryKey: ['rows', file.name, file.size, file.lastModified, encoding, delimiter, header],
    queryFn: () => countRows(file, encoding, delimiter),
    enabled: file.size <= LARGEST_BYTES,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false, // an encoding the browser does not know stays unknown
  })
  return count.data === undefined ? null : Math.max(0, count.data - (header ? 1 : 0))
}

async function countRows(file: File, encoding: string, delimiter: string): Promise<number> {
  const counter = createRowCounter(delimiter)
  const decoder = new TextDecoder(encoding)
  const reader = file.stream().getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read())
    counter.add(decoder.decode(piece.value, { stream: true }))
  counter.add(decoder.decode())
  return counter.rows()
}
