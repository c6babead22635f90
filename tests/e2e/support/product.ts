/** A built product of its own for each test: free port, empty data folder, stopped at the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { freePort, type Product, startProduct } from '../../../scripts/product.mjs'
import { isBuilt } from '../../../scripts/sources.mjs'

type Fixtures = {
  /** Environment of the product; `test.use({ env })` sets it. */
  env: Record<string, string>
  product: Product
}

export const test = base.extend<Fixtures>({
  env: [{}, { option: true }],
  product: async ({ env }, use, info) => {
    if (!isBuilt())
      throw new Error('dist/ is not built from these sources: run npm run build (npm test and npm run e2e do)')
    const dataDir = mkdtempSync(join(tmpdir(), 'perennial-e2e-'))
    const product = await startProduct({ dataDir, port: await freePort(), env: { LOG_LEVEL: 'warn', ...env } })
    await use(product)
    await product.stop()
    if (info.status !== info.expectedStatus) await info.attach('product output', { body: product.output() })
    rmSync(dataDir, { recursive: true, force: true })
  },
  // Every page of a test belongs to its product: page.goto('/') just works.
  baseURL: async ({ product }, use) => use(product.url),
})
export { expect } from '@playwright/test'
