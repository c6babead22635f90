/** Daily quotas, TLS policies and DKIM keys of the sending accounts. */
import type { Migration } from './migration.ts'

export const sending: Migration = { name: '0004-sending', sqlite: [], postgres: [] }
