/**
 * Reads the shared fixtures that lie beside the project. A clone without them still tests: each helper then answers null, and the
 * test skips, saying why in its name: `test.skipIf(text === null)('… (needs ../shared/fixtures)', …)`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../../../shared/fixtures/', import.meta.url)

/** Absolute path of a fixture file or folder, or null when it is absent. */
export function fixturePath(path: string): string | null {
  const absolute = fileURLToPath(new URL(path, ROOT))
  return existsSync(absolute) ? absolute : null
}

/** Text of a fixture file, or null when it is absent. */
export function fixture(path: string): string | null {
  const absolute = fixturePath(path)
  return absolute === null ? null : readFileSync(absolute, 'utf8')
}

/** A JSON fixture, or null when it is absent. The caller says what it holds. */
export function jsonFixture<T>(path: string): T | null {
  const text = fixture(path)
  return text === null ? null : (JSON.parse(text) as T)
}
