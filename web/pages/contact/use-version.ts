import { useQuery } from '@tanstack/react-query'
import type { JournalItem } from '../../../shared/api/contacts.ts'
import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import { getVersion } from '../../api/workflows.ts'

/** The version a record belongs to; read once, it never changes. null while it is not here. */
export function useVersion({ workflow }: JournalItem): WorkflowDocument | null {
  const version = useQuery({
    queryKey: ['version', workflow?.id, workflow?.version],
    queryFn: () => getVersion(workflow?.id ?? '', workflow?.version ?? 0),
    enabled: workflow !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return version.data?.document ?? null
}
