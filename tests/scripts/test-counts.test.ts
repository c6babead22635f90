import { describe, expect, test } from 'vitest'
import { countPlaywright, countVitest } from '../../scripts/test-counts.mjs'

describe('counting what the runners report', () => {
  test('adds up the tests of vitest, and a file that could not be loaded', () => {
    const report = {
      testResults: [
        {
          name: 'x/tests/a.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'a' },
            { status: 'failed', fullName: 'b', failureMessages: ['\u001b[31mAssertionError: no\u001b[0m\nat line 1'] },
            { status: 'pending', fullName: 'c' },
          ],
        },
        { name: 'x/tests/b.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
      ],
    }
    expect(countVitest(report)).toEqual({
      passed: 1,
      skipped: 1,
      failures: ['tests/a.test.ts > b: AssertionError: no', 'tests/b.test.ts: Cannot find module'],
    })
  })
  test('adds up the tests of Playwright, nested suites and errors outside tests included', () => {
    const spec = (title: string, status: string) => ({ title, file: 'a.spec.ts', tests: [{ status, results: [] }] })
    const report = {
      errors: [{ message: 'no tests found' }],
      suites: [
        {
          specs: [spec('one', 'expected')],
          suites: [{ specs: [spec('two', 'unexpected'), spec('three', 'skipped')] }],
        },
      ],
    }
    expect(countPlaywright(report)).toEqual({
      passed: 1,
      skipped: 1,
      failures: ['no tests found', 'a.spec.ts > two: '],
    })
  })
  test('counts nothing without a report', () => {
    expect(countVitest(null)).toEqual({ passed: 0, skipped: 0, failures: [] })
    expect(countPlaywright(null)).toEqual({ passed: 0, skipped: 0, failures: [] })
  })
})
