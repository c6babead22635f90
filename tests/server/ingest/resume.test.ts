import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CommandName, Commands } from '../../../server/commands/contract.ts'
import { findImport } from '../../../server/db/queries/imports.ts'
import { createImports, type Imports } from '../../../server/ingest/imports.ts'
import { EXPORT_COLUMNS } from '../../../shared/contact/export-columns.ts'
import type { ImportId } from '../../../shared/ids.ts'
import { createWorld, type World } from '../../support/world.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'perennial-resume-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** 1,200 records: everybody twice now and then, refusals with one and two reasons, blank lines, quoted line breaks, ages that are none. */
const lines = Array.from({ length: 1_200 }, (_, i) => {
  if (i % 97 === 0) return 'nobody,,x,'
  if (i % 89 === 0) return `p${i}@example.com,Mars/Base,"one\r\ntwo",`
  if (i % 83 === 0) return 'bad address,Mars/Base,x,'
  if (i % 79 === 0) return ''
  return `p${i % 11 === 0 ? i - 1 : i}@example.com,Asia/Tokyo,note ${i},${i > 300 && i % 7 === 0 ? 'old' : i}`
})
const FILE = `email,timezone,note,age\r\n${lines.join('\r\n')}\r\n`
const MAPPING = { email: 'email', timezone: 'timezone', note: 'attributes.note', age: 'attributes.age' }
const OPTIONS = {
  consent: 'granted',
  consentSource: 'fair',
  consentText: null,
  trigger: false,
  mapping: MAPPING,
} as const

/** A process whose writer takes so many chunks and then is gone. */
function dyingAfter(world: World, chunks: number): Commands {
  let left = chunks
  return async (name, input) => {
    const command: CommandName = name
    if (left === 0 && (command === 'import-chunk' || command === 'finish-import'))
      throw new Error('The writer has stopped.')
    if (command === 'import-chunk') left -= 1
    return world.commands(name, input)
  }
}

const importsOf = (world: World, commands: Commands): Imports =>
  createImports({ db: world.db, commands, dataDir, log: { error: () => undefined } })

async function begin(imports: Imports, file = FILE, mapping: typeof MAPPING | undefined = MAPPING): Promise<ImportId> {
  const body = new Blob([file]).stream()
  const id = await imports.start(await imports.save(body, 'people.csv'), { ...OPTIONS, mapping })
  await imports.idle()
  return id
}

async function outcome(world: World, id: ImportId) {
  const state = await findImport(world.db, id)
  const people = await world.db.sql
    .selectFrom('contact')
    .select(['email', 'timezone', 'attributes', 'consent'])
    .orderBy('id')
    .execute()
  const refused = await world.db.sql.selectFrom('import_error').selectAll().execute()
  const consents = await world.db.sql.selectFrom('consent_record').select(['contact_id', 'status']).execute()
  return { state, people, refused, consents }
}

describe('an import cut off by the end of its process', { timeout: 60_000 }, () => {
  test('goes on at the next start and comes out as if nothing had happened, wherever it was cut', async () => {
    const whole = await createWorld()
    const expected = await outcome(whole, await begin(importsOf(whole, whole.commands)))
    expect(expected.state).toMatchObject({ status: 'completed', progress: 1 })
    expect(expected.state?.duplicates).toBeGreaterThan(0)
    expect(expected.state?.warnings).toHaveLength(1)
    await whole.close()
    for (const chunks of [0, 1, 2, 3]) {
      const world = await createWorld()
      const id = await begin(importsOf(world, dyingAfter(world, chunks)))
      expect(await findImport(world.db, id)).toMatchObject({ status: 'running' })
      const next = importsOf(world, world.commands)
      await next.resume()
      await next.idle()
      expect(await outcome(world, id), `after ${chunks} chunks`).toEqual(expected)
      expect(readdirSync(join(dataDir, 'imports'))).toEqual([])
      await world.close()
    }
  })

  test('takes the sign that guards a cell from spreadsheets off our own export, before the cut and after it', async () => {
    const world = await createWorld()
    const rows = Array.from({ length: 1_200 }, (_, i) => `,p${i}@example.com,,,,,,,,'=1+1`)
    const file = `${[...EXPORT_COLUMNS, 'note'].join(',')}\r\n${rows.join('\r\n')}\r\n`
    const id = await begin(importsOf(world, dyingAfter(world, 1)), file, undefined)
    expect(await findImport(world.db, id)).toMatchObject({ status: 'running' })
    const next = importsOf(world, world.commands)
    await next.resume()
    await next.idle()
    const { state, people } = await outcome(world, id)
    expect(state).toMatchObject({ status: 'completed', created: 1_200 })
    expect(new Set(people.map(({ attributes }) => attributes))).toEqual(new Set(['{"note":"=1+1"}']))
    await world.close()
  })

  test('may be cut off again and again', async () => {
    const world = await createWorld()
    const id = await begin(importsOf(world, dyingAfter(world, 1)))
    for (let i = 0; i < 4; i += 1) {
      const next = importsOf(world, i < 3 ? dyingAfter(world, 1) : world.commands)
      await next.resume()
      await next.idle()
    }
    expect(await findImport(world.db, id)).toMatchObject({ status: 'completed', progress: 1 })
    await world.close()
  })

  test('says so when its file is gone; what never became an import is cleared away', async () => {
    const world = await createWorld()
    const id = await begin(importsOf(world, dyingAfter(world, 2)))
    const folder = join(dataDir, 'imports')
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    writeFileSync(join(folder, 'half-uploaded.csv'), 'email')
    await importsOf(world, world.commands).resume()
    const state = await findImport(world.db, id)
    expect(state).toMatchObject({ status: 'failed', rows: expect.any(Number) })
    expect(state?.problem).toMatch(/nobody is made twice/)
    expect(existsSync(join(folder, 'half-uploaded.csv'))).toBe(false)
    // As it says: the same file again makes nobody twice.
    const again = await begin(importsOf(world, world.commands))
    expect(await findImport(world.db, again)).toMatchObject({ status: 'completed' })
    const { people } = await outcome(world, again)
    expect(new Set(people.map(({ email }) => email)).size).toBe(people.length)
    await world.close()
  })
})
