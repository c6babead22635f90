import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findImport } from '../../../server/db/queries/imports.ts'
import { createImports } from '../../../server/ingest/imports.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
let dataDir: string
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'perennial-trigger-'))
  world = await createWorld()
})
afterEach(async () => {
  await world.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Nobody leaves it, so that everybody whom it was started for is counted. */
const welcome = {
  format: 'perennial.workflow/1',
  name: 'Welcome',
  settings: { reentry: 'always', concurrency: 'many' },
  triggers: [{ id: 't', kind: 'contact-created' }],
  start: 'rest',
  steps: [{ id: 'rest', kind: 'wait', for: 'P1D', next: null }],
  emails: {},
}

/** 400 rows in several chunks: somebody known, somebody twice, one no address. */
const FILE = `email,first_name\n${Array.from({ length: 400 }, (_, i) =>
  i === 7
    ? 'known@example.com,Known'
    : i === 300
      ? 'p3@example.com,Again'
      : i === 350
        ? 'nobody,X'
        : `p${i}@example.com,P${i}`,
).join('\n')}\n`

async function importFile(given: { trigger: boolean }) {
  const imports = createImports({ db: world.db, commands: world.commands, dataDir, log: { error: () => undefined } })
  const file = await imports.save(new Blob([FILE]).stream(), 'people.csv')
  const id = await imports.start(file, { consent: 'granted', consentSource: 'fair', consentText: null, ...given })
  await imports.idle()
  return findImport(world.db, id)
}

const startedFor = async () => {
  const rows = await world.db.sql
    .selectFrom('enrollment as e')
    .innerJoin('contact as c', 'c.id', 'e.contact_id')
    .select('c.email')
    .execute()
  return rows.map(({ email }) => email)
}

describe('an import and the workflows that new contacts start', () => {
  test('starts none of them unless it was asked to', async () => {
    await world.contact({ email: 'known@example.com' })
    await world.publish(welcome)
    expect(await importFile({ trigger: false })).toMatchObject({ status: 'completed', created: 397 })
    expect(await startedFor()).toEqual([])
  })

  test('starts them once for each contact it created when it was asked to: not for those who were known, nor twice for one', async () => {
    await world.contact({ email: 'known@example.com' })
    await world.publish(welcome)
    expect(await importFile({ trigger: true })).toMatchObject({ created: 397, updated: 1, duplicates: 1, rejected: 1 })
    const people = await startedFor()
    expect(people).toHaveLength(397)
    expect(new Set(people).size).toBe(397)
    expect(people).not.toContain('known@example.com')
    expect(await importFile({ trigger: true })).toMatchObject({ created: 0 })
    expect(await startedFor()).toHaveLength(397)
  })
})
