/** Live numbers of one workflow and the people behind each of them. */
import {
  type Stats,
  type StepPeople,
  stats as statsSchema,
  stepPeople as stepPeopleSchema,
} from '../../shared/api/workflows.ts'
import { call, queryString } from './client.ts'

export type StatsRange = { version?: number; from?: string; to?: string }
export type PeopleState =
  | 'entered'
  | 'waiting'
  | 'finished'
  | 'passed'
  | 'exited'
  | 'sent'
  | 'opened'
  | 'clicked'
  | 'openedMachine'
  | 'clickedMachine'
  | 'skipped'
  | 'failed'
  | 'uncertain'
  | 'queued'

const path = (id: string): string => `/workflows/${encodeURIComponent(id)}`

export const getStats = (id: string, range: StatsRange = {}): Promise<Stats> =>
  call(statsSchema, 'GET', `${path(id)}/stats`, { query: range })

export type StatsListener = {
  onStats(stats: Stats): void
  /** The line is up or down; the browser reconnects by itself. */
  onLine?(isOpen: boolean): void
}

/** Listen to the numbers as they change, at most once a second. Call the answer to stop. */
export function subscribeStats(id: string, { onStats, onLine }: StatsListener, range: StatsRange = {}): () => void {
  const source = new EventSource(`/api/v1${path(id)}/stats/stream${queryString(range)}`)
  source.addEventListener('open', () => onLine?.(true))
  source.addEventListener('error', () => onLine?.(false))
  source.addEventListener('stats', (event: MessageEvent<string>) => onStats(statsSchema.parse(JSON.parse(event.data))))
  return () => source.close()
}

export const stepPeople = (
  id: string,
  stepId: string,
  query: { state: PeopleState; path?: string; cursor?: string; limit?: number; version?: number },
): Promise<StepPeople> =>
  call(stepPeopleSchema, 'GET', `${path(id)}/steps/${encodeURIComponent(stepId)}/people`, { query })
