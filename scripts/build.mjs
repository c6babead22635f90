// Builds dist/: the interface with Vite, the server with esbuild. [--if-changed]
import { rmSync, writeFileSync } from 'node:fs'
import { build as buildWeb } from 'vite'
import { bundleServer } from './bundle-server.mjs'
import { ROOT } from './run.mjs'
import { BUILD_RECORD, isBuilt, sourceHash } from './sources.mjs'

if (process.argv.includes('--if-changed') && isBuilt()) process.exit(0)
const startedAt = performance.now()
const sources = sourceHash() // before the build: an edit made meanwhile must not pass for built
rmSync(BUILD_RECORD, { force: true })
rmSync(`${ROOT}dist/server`, { recursive: true, force: true })
await Promise.all([
  bundleServer('dist/server'),
  buildWeb({ root: `${ROOT}web`, configFile: `${ROOT}vite.config.ts`, logLevel: 'warn' }),
])
writeFileSync(BUILD_RECORD, `${JSON.stringify({ sources })}\n`)
console.log(`Built in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`)
