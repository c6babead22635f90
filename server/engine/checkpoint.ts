/**
 * Checkpoints of the write-ahead log, between batches: passive ones, above 64 MB truncating ones; above 512 MB activations pause until it
 * could be written back (DESIGN.md 6).
 */
import { statSync } from 'node:fs'
import type { SqliteDb } from '../db/open.ts'

const LARGEST_WAL_BYTES = 64 * 1024 * 1024
const PAUSING_WAL_BYTES = 512 * 1024 * 1024
const BETWEEN_MS = 250

type Checkpointed = { busy: number; log: number; checkpointed: number }

/** The write-ahead log of a database. */
export type WriteAheadLog = {
  checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): Checkpointed | null
  bytes(): number
}
export type Checkpointer = {
  /** Something was committed. */
  note(): void
  between(isIdle: boolean): void
  mayActivate(): boolean
}

export function createCheckpointer(log: WriteAheadLog, ticks: () => number): Checkpointer {
  let isDirty = false
  let lastAt = ticks()
  let walBytes = 0

  function checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): void {
    const result = log.checkpoint(mode)
    isDirty = result !== null && (result.busy !== 0 || result.checkpointed < result.log)
    lastAt = ticks()
    walBytes = log.bytes()
  }

  return {
    note() {
      isDirty = true
    },
    between(isIdle) {
      if (!isIdle && ticks() - lastAt < BETWEEN_MS) return
      // Where a reader is in the way, a truncating one does what a passive one does, and the next tries again.
      if (walBytes > LARGEST_WAL_BYTES) checkpoint('TRUNCATE')
      else if (isDirty) checkpoint('PASSIVE')
    },
    mayActivate: () => walBytes <= PAUSING_WAL_BYTES,
  }
}

export function writeAheadLog({ raw }: SqliteDb): WriteAheadLog {
  return {
    checkpoint(mode) {
      // A truncating checkpoint would wait for readers; nobody may wait for it.
      if (mode === 'TRUNCATE') raw.pragma('busy_timeout = 0')
      const [result] = raw.pragma(`wal_checkpoint(${mode})`) as Checkpointed[]
      if (mode === 'TRUNCATE') raw.pragma('busy_timeout = 5000')
      return result ?? null
    },
    bytes: () => (raw.memory ? 0 : (statSync(`${raw.name}-wal`, { throwIfNoEntry: false })?.size ?? 0)),
  }
}
