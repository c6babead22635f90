// `npm test`: everything there is to test, from a fresh clone. Goes on after a failing stage; the last line counts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from './check.mjs'
import { install } from './install.mjs'
import { run } from './run.mjs'
import { countPlaywright, countVitest } from './test-counts.mjs'

const startedAt = performance.now()
const reports = mkdtempSync(join(tmpdir(), 'perennial-test-'))
const problem = await install()
if (problem !== null) {
  console.error(problem)
  console.log('0 passed, 1 failed')
  process.exit(1)
}

/** @type {string[]} */
const failures = []
const total = { passed: 0, failed: 0, skipped: 0 }

const build = await stage('build', () => run(process.execPath, ['scripts/build.mjs'], { timeoutMs: 180_000 }))
if (build !== 0) fail('build', `ended with ${build}`)
for (const name of await stage('check', check)) fail(name, 'see above')

const vitestReport = join(reports, 'vitest.json')
const vitest = await stage('vitest', () =>
  run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`], {
    timeoutMs: 480_000,
  }),
)
count('vitest', vitest, countVitest(readReport(vitestReport)))

const browser = await stage('browser', () => run(process.execPath, ['scripts/browser.mjs'], { timeoutMs: 300_000 }))
if (browser === 0) {
  const playwrightReport = join(reports, 'playwright.json')
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport }
  const playwright = await stage('playwright', () =>
    run('playwright', ['test', '--reporter=list,json'], { env, timeoutMs: 360_000 }),
  )
  count('playwright', playwright, countPlaywright(readReport(playwrightReport)))
} else fail('browser', 'no Chromium, so no browser test ran')

rmSync(reports, { recursive: true, force: true })
if (total.passed + total.failed === 0) fail('tests', 'none ran')
if (failures.length > 0) console.log(`\nFailures:\n${failures.map((line) => `  ${line}`).join('\n')}`)
console.log(`\nTook ${Math.round((performance.now() - startedAt) / 1_000)} s.`)
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
process.exit(total.failed === 0 ? 0 : 1)

/** @template T @param {string} name @param {() => Promise<T>} work */
async function stage(name, work) {
  const from = performance.now()
  console.log(`\n--- ${name}`)
  const result = await work()
  console.log(`--- ${name}: ${Math.round((performance.now() - from) / 1_000)} s`)
  return result
}

function fail(/** @type {string} */ name, /** @type {string} */ why) {
  total.failed += 1
  failures.push(`${name}: ${why}`)
}

/** A runner that fails without a failed test (a crash, a timeout, an unhandled error) counts as one failure. */
function count(
  /** @type {string} */ runner,
  /** @type {number} */ code,
  /** @type {import('./test-counts.mjs').Counts} */ counts,
) {
  total.passed += counts.passed
  total.skipped += counts.skipped
  for (const name of counts.failures) fail(runner, name)
  if (code !== 0 && counts.failures.length === 0) fail(runner, code === 124 ? 'took too long' : `ended with ${code}`)
}

function readReport(/** @type {string} */ path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
}
