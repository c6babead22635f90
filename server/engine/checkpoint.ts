/**
 * Checkpoints of the write-ahead log, between batches: passive ones while there is work, a truncating one when it is quiet. The log is
 * normally at most 64 MB; above 512 MB activations pause until it could be written back (DESIGN.md 6).
 */
import { statSync } from 'node:fs'
import type { Db } from '../db/open.ts'

const LARGEST_WAL_BYTES = 64 * 1024 * 1024
const PAUSING_WAL_BYTES = 512 * 1024 * 1024
const BETWEEN_MS = 250

type Checkpointed = { busy: number; log: number; checkpointed: number }

export type Checkpointer = {
  /** Something was committed. */
  note(): void
  between(isIdle: boolean): void
  mayActivate(): boolean
}

export function createCheckpointer(db: Db, ticks: () => number): Checkpointer {
  let isDirty = false
  let lastAt = ticks()
  let walBytes = 0

  function checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): void {
    // A truncating checkpoint would wait for readers; nobody may wait for it.
    if (mode === 'TRUNCATE') db.raw.pragma('busy_timeout = 0')
    const [result] = db.raw.pragma(`wal_checkpoint(${mode})`) as Checkpointed[]
    if (mode === 'TRUNCATE') db.raw.pragma('busy_timeout = 5000')
    isDirty = result !== undefined && (result.busy !== 0 || result.checkpointed < result.log)
    lastAt = ticks()
    walBytes = walSize(db)
  }

  return {
    note() {
      isDirty = true
    },
    between(isIdle) {
      if (isDirty && (isIdle || ticks() - lastAt >= BETWEEN_MS)) checkpoint('PASSIVE')
      if (walBytes > LARGEST_WAL_BYTES && (isIdle || ticks() - lastAt >= BETWEEN_MS)) checkpoint('TRUNCATE')
    },
    mayActivate: () => walBytes <= PAUSING_WAL_BYTES,
  }
}

function walSize(db: Db): number {
  if (db.raw.memory) return 0
  return statSync(`${db.raw.name}-wal`, { throwIfNoEntry: false })?.size ?? 0
}
