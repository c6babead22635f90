import { describe, expect, test } from 'vitest'
import {
  circularImport,
  forbiddenWords,
  importViolations,
  machineTraces,
  misplaced,
  overCeiling,
} from './support/house-rules.ts'
import { type Files, importsOf, projectFiles, withoutComments } from './support/source-files.ts'

describe('the house', () => {
  const files = projectFiles()

  test('has sources to look at', () => {
    expect([...files.keys()].filter((path) => path.endsWith('.ts')).length).toBeGreaterThan(20)
  })
  test('imports only along the table of rooms', () => expect(importViolations(files)).toEqual([]))
  test('has no circular imports, also for types', () => expect(circularImport(files)).toBeNull())
  test('keeps clock, randomness and escapes out of its code', () => expect(forbiddenWords(files)).toEqual([]))
  test('keeps files under their ceilings', () => expect(overCeiling(files)).toEqual([]))
  test('has only the folders agreed on, with names that say something', () => expect(misplaced(files)).toEqual([]))
  test('names no machine path and no registry', () => expect(machineTraces(files)).toEqual([]))
})

describe('the house test itself', () => {
  const house = (files: Record<string, string>): Files =>
    new Map([['shared/ids.ts', 'export type A = 1\n'], ['server/mail/smtp.ts', ''], ...Object.entries(files)])

  test.each([
    ['server/db/a.ts', "import { send } from '../mail/smtp.ts'\n", 'server/db/a.ts imports server/mail/smtp.ts'],
    ['server/db/a.ts', "import type { S } from '../mail/smtp.ts'\n", 'server/db/a.ts imports server/mail/smtp.ts'],
    ['shared/a.ts', "import fs from 'node:fs'\n", 'shared/a.ts imports the package node:fs'],
    ['shared/engine/a.ts', "import { z } from 'zod'\n", 'shared/engine/a.ts imports the package zod'],
    ['web/ui/a.tsx', "import {\n  type A,\n} from '../../shared/ids.ts'\n", 'web/ui/a.tsx imports shared/ids.ts'],
    ['server/routes/a.ts', "export { x } from '../mail/smtp.ts'\n", 'server/routes/a.ts imports server/mail/smtp.ts'],
    [
      'server/routes/a.ts',
      "const x = await import('../mail/smtp.ts')\n",
      'server/routes/a.ts imports server/mail/smtp.ts',
    ],
    ['server/attic/a.ts', "import '../../shared/ids.ts'\n", 'server/attic/a.ts is in no room of DESIGN.md'],
  ])('catches a planted import in %s: %s', (path, source, expected) => {
    expect(importViolations(house({ [path]: source }))).toEqual([expected])
  })

  test('allows a type of the app in web/api, and no value', () => {
    const app = { 'server/app.ts': '' }
    const source = (word: string) => ({
      ...app,
      'web/api/client.ts': `import ${word}{ App } from '../../server/app.ts'\n`,
    })
    expect(importViolations(house(source('type ')))).toEqual([])
    expect(importViolations(house(source('')))).toEqual(['web/api/client.ts imports server/app.ts'])
  })

  test('catches a circle made of types alone', () => {
    const files = house({
      'shared/a.ts': "import type { B } from './b.ts'\n",
      'shared/b.ts': "import type { A } from './a.ts'\n",
    })
    expect(circularImport(files)).toBe('shared/a.ts -> shared/b.ts -> shared/a.ts')
  })

  test('is not misled by comments, strings or import.meta', () => {
    const source =
      "// import x from 'y'\n/* import 'z' */\nimport { a } from './a.ts' // 'b'\nconst u = import.meta.url\n"
    expect(importsOf('x.ts', source)).toEqual([{ specifier: './a.ts', typeOnly: false }])
    expect(withoutComments("const s = 'http://x' // gone")).toBe("const s = 'http://x'        ")
  })

  test('refuses an import it cannot read instead of overlooking it', () => {
    expect(() => importsOf('x.ts', "import a = require('b')\n")).toThrow('1 imports, of which 0')
  })

  test.each([
    ['shared/a.ts', 'const now = Date.now()'],
    ['shared/a.ts', 'const f = new Intl.NumberFormat()'],
    ['shared/a.ts', 'const r = Math.random()'],
    ['server/db/a.ts', `const x: ${'any'} = 1`],
    ['web/app/a.tsx', `const x = y as ${'any'}`],
    ['server/db/a.ts', 'enum Colour { Red }'],
    ['server/db/a.ts', `try { f() } catch (error) ${'{}'}`],
    ['server/db/a.ts', `// ${'@ts'}-ignore`],
  ])('catches in %s: %s', (path, source) => expect(forbiddenWords(house({ [path]: source }))).toHaveLength(1))

  test('lets comments and shared/time speak of what is forbidden elsewhere', () => {
    const files = {
      'shared/a.ts': '// never Date.now()',
      'shared/time/zones.ts': 'const f = new Intl.DateTimeFormat()',
    }
    expect(forbiddenWords(house(files))).toEqual([])
  })

  test('catches long files, vague names, stray folders and machine paths', () => {
    const long = 'x\n'.repeat(301)
    expect(overCeiling(house({ 'server/db/a.ts': long }))).toEqual(['server/db/a.ts has 301 lines, ceiling 300'])
    expect(overCeiling(house({ 'tests/a.test.ts': long, 'shared/locales/en/app.ts': long }))).toEqual([])
    const misnamed = { 'server/db/utils.ts': '', 'lib/a.ts': '', 'shared/MyFile.ts': '', 'server/attic/a.ts': '' }
    expect(misplaced(house(misnamed))).toHaveLength(4)
    expect(machineTraces(house({ 'README.md': `see ${'/wo'}rk/main` }))).toHaveLength(1)
  })
})
