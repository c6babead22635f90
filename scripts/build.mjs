// Builds dist/: the interface with Vite, the server and its worker threads with esbuild (Node 20 loads no TypeScript).
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { build as bundle } from 'esbuild'
import { build as buildWeb } from 'vite'
import { ROOT } from './run.mjs'
import { BUILD_RECORD, isBuilt, sourceHash } from './sources.mjs'

/** server/main.ts becomes dist/server/main.js, server/threads/writer.ts becomes dist/server/threads/writer.js; packages stay outside. */
function buildServer() {
  const threads = existsSync(`${ROOT}server/threads`) ? readdirSync(`${ROOT}server/threads`) : []
  return bundle({
    absWorkingDir: ROOT,
    entryPoints: ['server/main.ts', ...threads.filter((f) => f.endsWith('.ts')).map((f) => `server/threads/${f}`)],
    outbase: 'server',
    outdir: 'dist/server',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  })
}

if (process.argv.includes('--if-changed') && isBuilt()) process.exit(0)
const startedAt = performance.now()
const sources = sourceHash() // before the build: an edit made meanwhile must not pass for built
rmSync(BUILD_RECORD, { force: true })
rmSync(`${ROOT}dist/server`, { recursive: true, force: true })
await Promise.all([
  buildServer(),
  buildWeb({ root: `${ROOT}web`, configFile: `${ROOT}vite.config.ts`, logLevel: 'warn' }),
])
writeFileSync(BUILD_RECORD, `${JSON.stringify({ sources })}\n`)
console.log(`Built in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`)
