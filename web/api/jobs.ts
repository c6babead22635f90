/** Long work on the server: look at it, stop it. */
import { useQuery } from '@tanstack/react-query'
import { type Job, job } from '../../shared/api/workflows.ts'
import { call, nothing } from './client.ts'

export const getJob = (id: string): Promise<Job> => call(job, 'GET', `/jobs/${encodeURIComponent(id)}`)
export const cancelJob = (id: string): Promise<unknown> =>
  call(nothing, 'POST', `/jobs/${encodeURIComponent(id)}/cancel`)

const LOOK_EVERY_MS = 500

/** Follow a job until it ends. */
export function useJob(id: string | null) {
  return useQuery({
    queryKey: ['job', id],
    queryFn: () => getJob(id ?? ''),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.status === 'running' ? LOOK_EVERY_MS : false),
  })
}
