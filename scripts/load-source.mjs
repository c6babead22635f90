// Lets a script use one of the product's own TypeScript sources.
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ROOT } from './run.mjs'

/** @param {string} path of a TypeScript file, from the project's root @returns {Promise<any>} its exports */
export async function loadSource(path) {
  const outfile = `${ROOT}dist/tools/${path.replace(/\.ts$/, '.mjs')}`
  await build({
    absWorkingDir: ROOT,
    entryPoints: [path],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  })
  return import(pathToFileURL(outfile).href)
}
