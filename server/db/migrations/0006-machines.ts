/** Who opened and clicked: people, scanners, privacy proxies. */
import type { Migration } from './migration.ts'

export const machines: Migration = { name: '0006-machines', sqlite: [], postgres: [] }
