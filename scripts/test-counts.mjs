// Reads how many tests passed and failed from the runners' JSON reports.
import { stripVTControlCharacters } from 'node:util'

/** @typedef {{ passed: number, skipped: number, failures: string[] }} Counts */

/** @returns {Counts} all zero without a report; a file that could not be loaded is one failure */
export function countVitest(/** @type {any} */ report) {
  /** @type {Counts} */
  const counts = { passed: 0, skipped: 0, failures: [] }
  for (const file of report?.testResults ?? []) {
    const name = String(file.name).replace(/^.*?\/tests\//, 'tests/')
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      counts.failures.push(`${name}: ${firstLine(file.message)}`)
    }
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1
      else if (test.status === 'failed')
        counts.failures.push(`${name} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`)
      else counts.skipped += 1
    }
  }
  return counts
}

/** @returns {Counts} all zero without a report; errors outside any test (a spec that does not load) are failures */
export function countPlaywright(/** @type {any} */ report) {
  /** @type {Counts} */
  const counts = { passed: 0, skipped: 0, failures: [] }
  for (const error of report?.errors ?? []) counts.failures.push(firstLine(error.message))
  const visit = (/** @type {any} */ suite) => {
    for (const inner of suite.suites ?? []) visit(inner)
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'skipped') counts.skipped += 1
        else if (test.status === 'unexpected')
          counts.failures.push(`${spec.file} > ${spec.title}: ${firstLine(test.results?.at(-1)?.error?.message)}`)
        else counts.passed += 1
      }
    }
  }
  for (const suite of report?.suites ?? []) visit(suite)
  return counts
}

const firstLine = (/** @type {unknown} */ text) => stripVTControlCharacters(String(text ?? '')).split('\n')[0] ?? ''
