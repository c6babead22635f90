import fc from 'fast-check'
import { Context, Liquid, toValueSync } from 'liquidjs'
import { describe, expect, test } from 'vitest'
import { asText, describe as describeError, parseTemplate, renderTemplate } from '../../../shared/message/liquid.ts'

// The library with the options of ours, and none of our own ways.
const library = new Liquid({
  outputEscape: 'escape',
  cache: false,
  strictFilters: true,
  lenientIf: true,
  ownPropertyOnly: true,
})
function plainly(template: string, scope: object): string {
  const emitter = {
    buffer: '',
    write(output: unknown) {
      this.buffer += asText(output)
    },
  }
  const context = new Context(scope, library.options, { sync: true }, { liquid: library })
  toValueSync(library.renderer.renderTemplates(library.parse(template), context, emitter))
  return emitter.buffer
}
const CLOCK = { now: 0, timezone: 'UTC' }

const path = fc.constantFrom(
  'a',
  'a.b',
  'a.b.c',
  'a[0]',
  'a["b"]',
  'a.first',
  'a.last',
  'a.size',
  'a.b.size',
  'gone',
  'gone.further',
  'a[gone]',
  'a[a.b]',
  'x',
  'x.b',
  'forloop.index',
  'forloop.last',
  '"text".size',
  '"text"',
  '12',
  'true',
  'nil',
  'empty',
  'blank',
  'a == x',
  'a.b and x',
  '(1..3)',
  'a.-1',
  'a[-1]',
  'a.constructor',
  'a.__proto__',
  'a.toString',
)
const filter = fc.constantFrom(
  '',
  ' | default: "none"',
  ' | default: x',
  ' | default: "", allow_false: true',
  ' | upcase',
  ' | escape',
  ' | raw',
  ' | size',
  ' | first',
  ' | join: ", "',
  ' | append: a',
  ' | plus: 2',
  ' | map: "b"',
  ' | where: "b", 1',
  ' | json',
  ' | url_encode',
  ' | strip_html',
  ' | truncate: 3',
  ' | split: "" | reverse | join',
  ' | sort',
  ' | round: gone',
)
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, 1, -1.5, '', 'text', '<b>"&\'</b>', ' '),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('b', 'c', 'size', 'first', 'last'), tie('value'), { maxKeys: 3 }),
  ),
})).value
const around = fc.constantFrom(
  (output: string) => output,
  (output: string) => `{% for x in a %}${output}{% endfor %}`,
  (output: string) => `{% assign a = x %}${output}`,
  (output: string) => `{% capture a %}<i>${output}</i>{% endcapture %}{{ a }}${output}`,
  (output: string) => `{% if x %}${output}{% else %}no ${output}{% endif %}`,
  (output: string) => `{% tablerow x in a cols: 2 %}${output}{% endtablerow %}`,
)

const outcome = (render: () => string) => {
  try {
    return render()
  } catch (error) {
    // Where it happened is the same too; a property of nothing is an error of the path in one and of the output in the other.
    return `error: ${describeError(error).replace(/^.*?Error: /, '')}`
  }
}

describe('a quick output', () => {
  test('is what the library puts out, for any path, filter and value', () => {
    const property = fc.property(path, filter, around, value, value, (from, by, place, a, x) => {
      const template = place(`{{ ${from}${by} }}`)
      const scope = { a, x }
      const ours = outcome(() => renderTemplate(parseTemplate(template, 'html'), scope, CLOCK))
      expect(ours).toBe(outcome(() => plainly(template, scope)))
    })
    fc.assert(property, { numRuns: 3_000 })
  })
})
