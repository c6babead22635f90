import { Inbox, type LucideIcon, Mail, Settings, User, Workflow } from 'lucide-react'
import type { Status } from '../../../shared/api/settings.ts'

export type Entry = {
  name: 'workflows' | 'contacts' | 'messages' | 'inbox' | 'settings'
  to: string
  Icon: LucideIcon
  /** How many there are. */
  count: number | null
  /** Something waits for a person here. */
  attention: number
}

/** The places that exist. The inbox only while mail stays on this machine. */
export function entriesOf(status: Status | undefined): Entry[] {
  const entries: Entry[] = [
    { name: 'workflows', to: '/workflows', Icon: Workflow, count: status?.workflows ?? null, attention: 0 },
    { name: 'contacts', to: '/contacts', Icon: User, count: status?.contacts ?? null, attention: 0 },
    { name: 'messages', to: '/messages', Icon: Mail, count: null, attention: status?.uncertain ?? 0 },
  ]
  if (status?.embeddedInbox === true)
    entries.push({ name: 'inbox', to: '/inbox', Icon: Inbox, count: null, attention: 0 })
  entries.push({ name: 'settings', to: '/settings', Icon: Settings, count: null, attention: 0 })
  return entries
}
