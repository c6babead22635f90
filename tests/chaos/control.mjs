// Builds the product with the test's own sender entry (no-dot-mark.ts), beside the real build and never instead of it.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleServer } from '../../scripts/bundle-server.mjs'
import { ROOT } from '../../scripts/run.mjs'

const REPLACEMENT = fileURLToPath(new URL('./no-dot-mark.ts', import.meta.url))

export async function buildWithoutDotMark() {
  // Inside dist/, so that the packages are found; the interface is the real one.
  const folder = mkdtempSync(`${ROOT}dist/control-`)
  symlinkSync(`${ROOT}dist/web`, `${folder}/web`)
  let replaced = 0
  await bundleServer(`${relative(ROOT, folder)}/server`, [
    {
      name: 'no-dot-mark',
      setup(build) {
        build.onResolve({ filter: /outbox\/sender\.ts$/ }, ({ importer }) => {
          if (!importer.endsWith('/server/threads/sender.ts')) return undefined
          replaced += 1
          return { path: REPLACEMENT }
        })
      },
    },
  ])
  const remove = () => rmSync(folder, { recursive: true, force: true })
  if (replaced === 0) {
    remove()
    throw new RangeError(
      'server/threads/sender.ts does not import outbox/sender.ts any more: the control replaces nothing',
    )
  }
  return { command: [process.execPath, `${folder}/server/main.js`], remove }
}
