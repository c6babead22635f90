/** A JSON schema as people read it: fields, types, limits, folded where deep; and a small body to begin with. */
export type ReferenceWord = (key: 'required' | 'oneOf' | 'listOf' | 'anything' | 'others') => string

type Schema = Readonly<Record<string, unknown>>
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const schemasOf = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : [])

/** Deeper than this the text of the schema itself is shown. */
const DEEPEST = 6

export const escaped = (value: string): string => value.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
export const anchorOf = (part: string): string => part.toLowerCase().replace(/[^a-z0-9]+/g, '-')

/** `#/components/schemas/Condition/$defs/…` belongs to the component Condition. */
const componentOf = (ref: string): string => decodeURIComponent(ref.split('/')[3] ?? '')

export function schemaView(schema: unknown, word: ReferenceWord, depth = 0): string {
  if (!isSchema(schema)) return `<p class="type">${word('anything')}</p>`
  if (depth > DEEPEST) return `<pre tabindex="0">${escaped(JSON.stringify(schema, null, 2))}</pre>`
  const { $ref, properties, items, additionalProperties } = schema
  if (typeof $ref === 'string') return `<p class="type">${linkTo($ref)}</p>`
  const choices = choicesOf(schema)
  if (choices.length > 0)
    return `<p class="type">${word('oneOf')}</p>${list(choices.map((one) => folded(one, word, depth)))}`
  if (isSchema(properties)) {
    const required = Array.isArray(schema.required) ? schema.required : []
    const fields = Object.entries(properties).map(([name, field]) =>
      fieldView(name, field, required.includes(name), word, depth),
    )
    const more = isSchema(additionalProperties) ? [`<span class="type">${word('others')}</span>`] : []
    return list([...fields, ...more])
  }
  if (items !== undefined)
    return `<p class="type">${word('listOf')}${limits(schema)}</p>${schemaView(items, word, depth + 1)}`
  return `<p class="type">${typeOf(schema, word)}</p>`
}

const list = (items: readonly string[]): string =>
  `<ul class="fields">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`
const linkTo = (ref: string): string => `<a href="#kind-${anchorOf(componentOf(ref))}">${escaped(componentOf(ref))}</a>`
const choicesOf = (schema: Schema): Schema[] => [...schemasOf(schema.anyOf), ...schemasOf(schema.oneOf)]

function fieldView(name: string, field: unknown, isRequired: boolean, word: ReferenceWord, depth: number): string {
  const label = `<code>${escaped(name)}</code> <span class="type">${typeOf(field, word)}</span>${isRequired ? ` <span class="must">${word('required')}</span>` : ''}`
  const description =
    isSchema(field) && typeof field.description === 'string' ? `<p>${escaped(field.description)}</p>` : ''
  return isDeep(field)
    ? `<details><summary>${label}</summary>${description}${schemaView(field, word, depth + 1)}</details>`
    : `${label}${description}`
}

function folded(schema: Schema, word: ReferenceWord, depth: number): string {
  const label = `<span class="type">${typeOf(schema, word)}</span>`
  return isDeep(schema) ? `<details><summary>${label}</summary>${schemaView(schema, word, depth + 1)}</details>` : label
}

const isDeep = (schema: unknown): boolean =>
  isSchema(schema) &&
  (isSchema(schema.properties) || choicesOf(schema).some(isDeep) || (isSchema(schema.items) && isDeep(schema.items)))

/** In a few words: the type, the values it may have, its limits. HTML. */
export function typeOf(schema: unknown, word: ReferenceWord): string {
  if (!isSchema(schema) || Object.keys(schema).length === 0) return word('anything')
  if (typeof schema.$ref === 'string') return linkTo(schema.$ref)
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`
  if (Array.isArray(schema.enum))
    return schema.enum.map((value) => `<code>${escaped(String(value))}</code>`).join(' · ')
  const choices = choicesOf(schema)
  if (choices.length > 0)
    return [...new Set(choices.map((one) => (isSchema(one.properties) ? nameOf(one) : typeOf(one, word))))].join(' | ')
  if (schema.type === 'array') return `${word('listOf')} ${typeOf(schema.items, word)}${limits(schema)}`
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : String(schema.type ?? word('anything'))
  return `${escaped(type)}${limits(schema)}`
}

/** An object among several is known by what is fixed in it, else by its first field. */
function nameOf(schema: Schema): string {
  const properties = isSchema(schema.properties) ? schema.properties : {}
  for (const [name, field] of Object.entries(properties))
    if (isSchema(field) && field.const !== undefined)
      return `<code>${escaped(`${name}: ${JSON.stringify(field.const)}`)}</code>`
  return `<code>{ ${escaped(Object.keys(properties).slice(0, 3).join(', '))} }</code>`
}

function limits(schema: Schema): string {
  const number = (key: string) => {
    const value = schema[key]
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null
  }
  const low = number('minLength') ?? number('minItems') ?? number('minimum') ?? number('exclusiveMinimum')
  const high = number('maxLength') ?? number('maxItems') ?? number('maximum')
  const said = [
    low === null && high === null ? '' : `${low ?? ''}…${high ?? ''}`,
    typeof schema.format === 'string' ? escaped(schema.format) : '',
    schema.default === undefined ? '' : `= <code>${escaped(JSON.stringify(schema.default))}</code>`,
  ].filter((part) => part !== '')
  return said.length === 0 ? '' : ` (${said.join(', ')})`
}

/** A body with what is required, to begin with. */
export function sampleOf(schema: unknown, depth = 0): unknown {
  if (!isSchema(schema) || depth > 4) return {}
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  const [choice] = choicesOf(schema)
  if (choice !== undefined) return sampleOf(choice, depth + 1)
  if (isSchema(schema.properties)) {
    const required = Array.isArray(schema.required) ? schema.required : []
    const all = Object.entries(schema.properties)
    const wanted = all.filter(([name]) => required.includes(name))
    const shown = wanted.length > 0 ? wanted : all.slice(0, 2)
    return Object.fromEntries(shown.map(([name, field]) => [name, sampleNamed(name, field, depth)]))
  }
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'array':
      return [sampleOf(schema.items, depth + 1)]
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' && schema.minimum > 0 ? schema.minimum : 1
    case 'boolean':
      return true
    case 'string':
      return '…'
    default:
      return {}
  }
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  email: 'mai@example.com',
  id: '1',
  timezone: 'Asia/Ho_Chi_Minh',
  port: 587,
}
const sampleNamed = (name: string, field: unknown, depth: number): unknown =>
  SAMPLES[name] ?? sampleOf(field, depth + 1)
