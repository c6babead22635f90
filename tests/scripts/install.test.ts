import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { isInstalled, missingBuildTools, nodeProblem } from '../../scripts/install.mjs'
import { sourceHash } from '../../scripts/sources.mjs'

let folder = ''
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lock = (packages: Record<string, object>) => JSON.stringify({ packages: { '': {}, ...packages } })

function clone(wanted: Record<string, object>, installed: Record<string, object> | null) {
  folder = mkdtempSync(join(tmpdir(), 'perennial-clone-'))
  writeFileSync(join(folder, 'package-lock.json'), lock(wanted))
  if (installed !== null) {
    mkdirSync(join(folder, 'node_modules'))
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), lock(installed))
  }
  return `${folder}/`
}

describe('what npm start checks first', () => {
  test('a Node that is too old is named with what is needed', () => {
    expect(nodeProblem('18.20.0')).toMatch(/needs Node 20\.19 or newer; this is 18\.20\.0/)
    expect(nodeProblem('20.18.3')).not.toBeNull()
    expect(nodeProblem('20.19.0')).toBeNull()
    expect(nodeProblem('22.0.0')).toBeNull()
  })
  test('a fresh clone is not installed', () => {
    expect(isInstalled(clone({ 'node_modules/a': { version: '1.0.0' } }, null))).toBe(false)
  })
  test('a lock that moved on is not installed', () => {
    const root = clone({ 'node_modules/a': { version: '1.0.1' } }, { 'node_modules/a': { version: '1.0.0' } })
    expect(isInstalled(root)).toBe(false)
  })
  test('a package of another platform may be absent', () => {
    const root = clone(
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-win32': { version: '1.0.0', optional: true } },
      { 'node_modules/a': { version: '1.0.0' } },
    )
    expect(isInstalled(root)).toBe(true)
  })
  test('missing build tools are named', () => {
    expect(missingBuildTools(() => false)).toEqual(['python3', 'make', 'a C++ compiler (g++ or clang++)'])
    expect(missingBuildTools((tool: string) => tool !== 'make')).toEqual([])
    expect(missingBuildTools((tool: string) => !tool.includes('make'))).toEqual(['make'])
  })
  test('an edit of a source changes the hash, and only then is built again', () => {
    const root = clone({}, null)
    for (const path of ['tsconfig.json', 'vite.config.ts']) writeFileSync(root + path, '{}')
    mkdirSync(`${root}scripts`)
    mkdirSync(`${root}server`)
    for (const path of ['scripts/build.mjs', 'scripts/bundle-server.mjs', 'server/a.ts'])
      writeFileSync(root + path, '1')
    const before = sourceHash(root)
    expect(sourceHash(root)).toBe(before)
    writeFileSync(`${root}server/a.ts`, '2')
    expect(sourceHash(root)).not.toBe(before)
  })
})
