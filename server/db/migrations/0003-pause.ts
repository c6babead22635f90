/** Pause and resume of workflows. */
import type { Migration } from './migration.ts'

export const pause: Migration = { name: '0003-pause', sqlite: [], postgres: [] }
