/**
 * Who may write. Node has no file lock, so an exclusive transaction held on a sibling `.lock` database marks the one active process; the
 * operating system frees it when that process dies, however it dies (DESIGN.md 6).
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sqlitePath } from './open.ts'

export type Lock = { release(): void }
export type AcquireOptions = {
  /** Called once, before the first wait. */
  onStandby?: () => void
  pollMs?: number
  signal?: AbortSignal
}

/** Take the lock if it is free; null when another process holds it. */
export function tryAcquire(url: string): Lock | null {
  const path = sqlitePath(url)
  if (path === ':memory:') return { release: () => {} }
  mkdirSync(dirname(path), { recursive: true })
  const holder = new Sqlite(`${path}.lock`, { timeout: 0 })
  try {
    holder.pragma('journal_mode = DELETE')
    holder.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    holder.close()
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw error
  }
  return { release: () => void holder.close() }
}

/** Wait until this process is the active one, looking each second. @throws when `signal` aborts */
export async function acquire(url: string, options: AcquireOptions = {}): Promise<Lock> {
  let told = false
  for (;;) {
    options.signal?.throwIfAborted()
    const lock = tryAcquire(url)
    if (lock !== null) return lock
    if (!told) options.onStandby?.()
    told = true
    await new Promise((done) => setTimeout(done, options.pollMs ?? 1_000))
  }
}
