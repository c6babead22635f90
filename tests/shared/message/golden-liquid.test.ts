/** Our Liquid against the golden tests of the language, where the library itself passes them and no file is asked for. */
import { describe, expect, test } from 'vitest'
import { parseTemplate, renderTemplate } from '../../../shared/message/liquid.ts'
import { jsonFixture } from '../../support/fixtures.ts'

type Golden = {
  name: string
  template: string
  data: Record<string, unknown>
  result?: string
  results?: string[]
  invalid?: boolean
  tags?: string[]
  'liquidjs_10.30.1_default_passes': boolean
}
const golden = jsonFixture<{ tests: Golden[] }>('liquid/golden_liquid_A.json')
const isOurs = ({ template, ...one }: Golden): boolean =>
  one['liquidjs_10.30.1_default_passes'] && !/\{%-?\s*(include|render|layout|block|extends)\b/.test(template)

describe('golden Liquid (needs ../shared/fixtures)', () => {
  const cases = (golden?.tests ?? []).filter(isOurs)
  test.skipIf(golden === null)('has cases', () => expect(cases.length).toBeGreaterThan(300))
  test.each(cases)('$name', ({ template, data, result, results, invalid }) => {
    const run = () => renderTemplate(parseTemplate(template, 'text'), data, { now: 0, timezone: 'UTC' })
    if (invalid === true) expect(run).toThrow()
    else expect(results ?? [result]).toContain(run())
  })
})
