/** What an attacker puts where something else is expected, alone and along the schemas of the OpenAPI document. */
import fc from 'fast-check'

const LONG = 'x'.repeat(5_000)
/** Each of these has broken some program once. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b@example.com',
  '\ud800',
  'x\udc00y',
  '\u2028\u2029',
  '\u202egnp.exe\u202c',
  '\ufeffbom',
  'x\r\nBcc: victim@evil.example',
  'x\nSet-Cookie: a=b',
  'x\rLocation: https://evil.example',
  '"><script>alert(1)</script>',
  'javascript:alert(1)',
  '{{ contact.email }}{% for i in (1..100000000) %}x{% endfor %}',
  '${7*7}',
  "' OR '1'='1",
  "'; DROP TABLE contact; --",
  '%00%0d%0a%2e%2e%2f',
  '../../../../etc/passwd',
  '..\\..\\secret.key',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'NaN',
  '-0',
  '1e309',
  '9223372036854775808',
  '9999999999999999',
  '0x10',
  '١٢٣',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '2026-02-30T25:61:61Z',
  'P9999999999Y',
  'PT-1S',
  'P1DT',
  'P1Y2M3W4DT5H6M7.8S',
  'Asia/../../etc',
  'Mars/Base',
  'a@b',
  `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.example`,
  '"very odd"@example.com',
  '😀'.repeat(200),
  'á'.normalize('NFD').repeat(100),
  LONG,
]
const HOSTILE_NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  0.1,
  1.5,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  2 ** 63,
  1e21,
  1e300,
  -1e300,
  5e-324,
  8.64e15,
  8.64e15 + 1,
]
/** Written into JSON as it stands: JSON has more numbers than JavaScript. */
const RAW = '@raw:'
const RAW_NUMBERS = ['1e999', '-1e999', '9223372036854775807', '1E-400', '0.1e1', '-0'].map((text) => `${RAW}${text}`)

const nested = (depth: number, inside: unknown = 1): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner, _none, i) => (i % 2 === 0 ? [inner] : { a: inner }), inside)

export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)
const hostileKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  '',
  'a.b',
  'a/b',
  '$where',
  ...HOSTILE_TEXTS,
)
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...HOSTILE_NUMBERS, ...RAW_NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { a: null }) },
  { weight: 1, arbitrary: fc.constantFrom(nested(40), nested(99), nested(150)) },
  { weight: 1, arbitrary: fc.array(hostileText, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(hostileKey, hostileText, { maxKeys: 4 }) },
  { weight: 1, arbitrary: fc.constant(Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, i]))) },
)

/** As bytes on the wire: raw numbers stand bare, `__proto__` is a key like any other. */
export const wireJson = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replace(new RegExp(`"${RAW}([^"]+)"`, 'g'), '$1')

type Schema = Record<string, unknown>
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Values along a JSON schema: mostly as it asks, so that they get past the first check, here and there something else entirely. */
export function alongSchema(schema: unknown, root: unknown, depth = 0): fc.Arbitrary<unknown> {
  if (!isSchema(schema) || depth > 8) return hostileValue
  return fc.oneof({ weight: 14, arbitrary: fitting(schema, root, depth) }, { weight: 1, arbitrary: hostileValue })
}

function fitting(schema: Schema, root: unknown, depth: number): fc.Arbitrary<unknown> {
  const inner = (of: unknown) => alongSchema(of, root, depth + 1)
  if (typeof schema.$ref === 'string') return inner(resolved(root, schema.$ref))
  const ways = schema.anyOf ?? schema.oneOf
  if (Array.isArray(ways) && ways.length > 0) return fc.oneof(...ways.map(inner))
  if ('const' in schema) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]))
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return fc.oneof(...types.map((type) => ofType(type, schema, inner)))
}

function ofType(type: unknown, schema: Schema, inner: (of: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return sensibleText(schema)
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom<unknown>(...HOSTILE_NUMBERS))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(inner(schema.items), { maxLength: 3 })
    case 'object':
      return objectOf(schema, inner)
    default:
      return hostileValue
  }
}

const SENSIBLE = [
  '1',
  '2',
  'a@example.com',
  'Asia/Ho_Chi_Minh',
  'vi',
  'Signed up',
  'hello',
  'P2D',
  '2026-03-02T09:00:00Z',
  'plan',
]
const sensibleText = ({ minLength, maxLength }: Schema): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...SENSIBLE) },
    { weight: 2, arbitrary: hostileText },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...[minLength, maxLength]
          .filter((n) => typeof n === 'number')
          .flatMap((n) => ['y'.repeat(n), 'y'.repeat(n + 1)]),
        'y',
      ),
    },
  )

function objectOf(schema: Schema, inner: (of: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = isSchema(schema.properties) ? schema.properties : {}
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : [])
  const known = Object.keys(properties)
  const shape = Object.fromEntries(known.map((key) => [key, inner(properties[key])]))
  const more = fc.dictionary(fc.oneof(fc.constantFrom(...SENSIBLE), hostileKey), inner(schema.additionalProperties), {
    maxKeys: known.length === 0 ? 3 : 1,
  })
  return fc.tuple(fc.record(shape), more, fc.subarray(known), fc.nat({ max: 9 })).map(([values, extra, kept, luck]) => {
    // One in ten lacks what is required; what may be left out often is.
    const keep = new Set(kept)
    const fields = Object.entries(values).filter(([key]) => keep.has(key) || (luck > 0 && required.has(key)))
    return Object.fromEntries([...fields, ...(luck < 3 || known.length === 0 ? Object.entries(extra) : [])])
  })
}

function resolved(root: unknown, ref: string): unknown {
  return ref
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (isSchema(at) && Object.hasOwn(at, part) ? at[part] : undefined), root)
}
