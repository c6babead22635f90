// Bundles the server and its worker threads with esbuild (Node 20 loads no TypeScript); packages stay outside.
import { existsSync, readdirSync } from 'node:fs'
import { build } from 'esbuild'
import { ROOT } from './run.mjs'

/**
 * server/main.ts becomes <outdir>/main.js, server/threads/writer.ts becomes <outdir>/threads/writer.js.
 *
 * @param {string} outdir relative to the project's root
 * @param {import('esbuild').Plugin[]} [plugins]
 */
export function bundleServer(outdir, plugins = []) {
  const threads = existsSync(`${ROOT}server/threads`) ? readdirSync(`${ROOT}server/threads`) : []
  return build({
    absWorkingDir: ROOT,
    entryPoints: ['server/main.ts', ...threads.filter((f) => f.endsWith('.ts')).map((f) => `server/threads/${f}`)],
    outbase: 'server',
    outdir,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    plugins,
  })
}
