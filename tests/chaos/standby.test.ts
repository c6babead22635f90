import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { apiOf, freePort, HEADLESS, type Product, sleep, startProduct } from '../../scripts/product.mjs'

/** DESIGN.md 4: a second process on the same file takes over within this time of the first one's death. */
const TAKES_OVER_WITHIN_MS = 30_000

let dataDir: string
let started: Product[]
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'perennial-standby-'))
  started = []
})
afterEach(async () => {
  await Promise.all(started.map((product) => product.kill()))
  rmSync(dataDir, { recursive: true, force: true })
})

const start = async (port: number): Promise<Product> => {
  const product = await startProduct({ dataDir, port, env: { ...HEADLESS, LOG_LEVEL: 'warn' } })
  started.push(product)
  return product
}

/** Null while nobody listens. */
async function answerOf(url: string): Promise<{ status: number; text: string } | null> {
  try {
    const response = await fetch(url)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

describe('a second process on the same database', () => {
  test('says that it stands by, and takes over when the first is killed', { timeout: 60_000 }, async () => {
    const first = await start(await freePort())
    const contact = await apiOf(first.url)('PUT', '/api/v1/contacts', { email: 'a@example.com' })
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    // Resolves when it is ready: not before the first one ends.
    const second = start(port)
    await expect
      .poll(() => answerOf(`${url}/readyz`), { timeout: 10_000 })
      .toEqual({
        status: 503,
        text: '{"status":"standing by"}',
      })
    expect(await answerOf(`${url}/healthz`)).toMatchObject({ status: 200 })
    const page = await answerOf(`${url}/api/v1/contacts`)
    expect(page).toMatchObject({ status: 503 })
    expect(page?.text).toMatch(/stands by/)
    await sleep(1_500)
    expect(await answerOf(`${url}/readyz`)).toMatchObject({ status: 503 })
    await first.kill()
    const killedAt = Date.now()
    await second
    expect(Date.now() - killedAt).toBeLessThan(TAKES_OVER_WITHIN_MS)
    expect(await apiOf(url)('GET', `/api/v1/contacts/${contact.id}`)).toMatchObject({ email: 'a@example.com' })
    expect(await answerOf(`${url}/readyz`)).toMatchObject({ status: 200 })
  })
})
