/** When a message that went back to the queue may have left already: what is then refused or skipped is uncertain, never unsent. */
import type { Migration } from './migration.ts'

export const doubt: Migration = {
  name: '0002-doubt',
  sqlite: ['ALTER TABLE message ADD COLUMN doubted_at INTEGER CHECK (doubted_at IS NULL OR doubts > 0)'],
  postgres: ['ALTER TABLE message ADD COLUMN doubted_at BIGINT CHECK (doubted_at IS NULL OR doubts > 0)'],
}
