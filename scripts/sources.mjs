// Tells whether dist/ was built from the sources as they stand now.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

const FOLDERS = ['server', 'shared', 'web']
const FILES = ['package-lock.json', 'tsconfig.json', 'vite.config.ts', 'scripts/build.mjs', 'scripts/bundle-server.mjs']
/** Written last: a build that was interrupted has none. */
export const BUILD_RECORD = `${ROOT}dist/build.json`

/** SHA-256 over the path and content of everything a build reads. */
export function sourceHash(root = ROOT) {
  const hash = createHash('sha256')
  const files = [...FOLDERS.flatMap((folder) => filesBelow(root, folder)), ...FILES]
  for (const path of files.sort()) {
    const content = readFileSync(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

export function isBuilt() {
  if (!existsSync(BUILD_RECORD)) return false
  return JSON.parse(readFileSync(BUILD_RECORD, 'utf8')).sources === sourceHash()
}

/** @returns {string[]} paths relative to root */
function filesBelow(/** @type {string} */ root, /** @type {string} */ folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(root, path) : [path]
  })
}
