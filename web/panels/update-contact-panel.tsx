import { Autocomplete, Button, NativeSelect, TagsInput } from '@mantine/core'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Fields } from '../../shared/api/contacts.ts'
import type { AttributeType } from '../../shared/contact/values.ts'
import type { DrawnStep } from '../../shared/workflow/document.ts'
import { listOf } from '../../shared/workflow/draft.ts'
import { blankOf, rowsOf, valuesOf, withoutValue, withValue } from './contact-values.ts'
import type { PanelTools } from './panel-context.ts'
import css from './side-panel.module.css'
import values from './update-contact-panel.module.css'
import { useStepEdit } from './use-step-edit.ts'
import { ValueRowFields } from './value-row.tsx'

/** Of every contact, and written like attributes. */
const BUILT_IN: readonly string[] = ['timezone', 'locale']

/** Attributes to set or delete, tags to give and to take. */
export function UpdateContactPanel({ step, tools }: { step: DrawnStep; tools: PanelTools }) {
  const edit = useStepEdit(step.id)
  const { t } = tools.text
  const { fields } = tools.server
  const known = (attribute: string) =>
    BUILT_IN.includes(attribute) ? 'text' : (fields.attributes.find(({ key }) => key === attribute)?.type ?? null)
  /** What new attributes are said to hold, as long as no value says so. */
  const [chosen, setChosen] = useState<ReadonlyMap<string, AttributeType>>(new Map())
  const typeOf = (attribute: string) => known(attribute) ?? chosen.get(attribute) ?? null
  const set = valuesOf(step.set)
  const rows = rowsOf(step.set, typeOf)
  const change = (attribute: string, value: unknown) =>
    edit({ set: withValue(set, attribute, value) }, `set.${attribute}`)
  return (
    <>
      <h3 className={css.section}>{t('update.values')}</h3>
      {rows.length > 0 && (
        <ul className={values.rows} aria-label={t('update.values')}>
          {rows.map((row) => (
            <ValueRowFields
              key={row.attribute}
              row={row}
              samples={samplesOf(row.attribute, fields)}
              properties={[...new Set(fields.events.flatMap((event) => event.properties))]}
              text={tools.text}
              onChange={(value) => change(row.attribute, value)}
              onRemove={() => edit({ set: withoutValue(set, row.attribute) }, `set.${row.attribute}.remove`)}
            />
          ))}
        </ul>
      )}
      <AddValue
        tools={tools}
        taken={rows.map((row) => row.attribute)}
        typeOf={known}
        onAdd={(attribute, type) => {
          setChosen(new Map([...chosen, [attribute, type]]))
          change(attribute, blankOf(type))
        }}
      />
      <hr className={css.hr} />
      <TagField
        label={t('update.add-tags')}
        known={fields.tags}
        value={step.addTags}
        onChange={(addTags) => edit({ addTags }, 'add-tags')}
      />
      <TagField
        label={t('update.remove-tags')}
        known={fields.tags}
        value={step.removeTags}
        onChange={(removeTags) => edit({ removeTags }, 'remove-tags')}
      />
      <p className={css.note}>{t('update.note')}</p>
    </>
  )
}

/** What others hold; for a time zone every name there is. */
function samplesOf(attribute: string, fields: Fields): readonly string[] {
  if (attribute === 'timezone') return Intl.supportedValuesOf('timeZone')
  return fields.attributes.find(({ key }) => key === attribute)?.samples ?? []
}

const TYPES: readonly AttributeType[] = ['text', 'number', 'boolean', 'date']
const isType = (text: string): text is AttributeType => TYPES.some((type) => type === text)

type AddProps = {
  tools: PanelTools
  taken: readonly string[]
  typeOf(attribute: string): AttributeType | null
  onAdd(attribute: string, type: AttributeType): void
}

/** A known attribute by its name, or a new one with what it will hold. */
function AddValue({ tools, taken, typeOf, onAdd }: AddProps) {
  const { t } = tools.text
  const [name, setName] = useState('')
  const [type, setType] = useState<AttributeType>('text')
  const attribute = name.trim()
  const known = typeOf(attribute)
  const add = (chosen: string) => {
    if (chosen === '' || taken.includes(chosen)) return
    onAdd(chosen, typeOf(chosen) ?? type)
    setName('')
    setType('text')
  }
  return (
    <form
      className={values.add}
      onSubmit={(event) => {
        event.preventDefault()
        add(attribute)
      }}
    >
      <Autocomplete
        label={t('update.attribute')}
        placeholder={t('update.attribute-hint')}
        data={[...tools.server.fields.attributes.map(({ key }) => key), ...BUILT_IN].filter(
          (key) => !taken.includes(key),
        )}
        value={name}
        maxLength={200}
        error={taken.includes(attribute) ? t('update.taken', { attribute }) : undefined}
        onChange={setName}
      />
      {attribute !== '' && known === null && (
        <NativeSelect
          label={t('update.type')}
          value={type}
          data={TYPES.map((value) => ({ value, label: t(`update.types.${value}`) }))}
          onChange={(event) => {
            const next = event.currentTarget.value
            if (isType(next)) setType(next)
          }}
        />
      )}
      <Button type="submit" leftSection={<Plus size={15} aria-hidden />} disabled={attribute === ''}>
        {t('update.add')}
      </Button>
    </form>
  )
}

type TagProps = { label: string; known: readonly string[]; value: unknown; onChange(tags: string[]): void }

function TagField({ label, known, value, onChange }: TagProps) {
  const tags = listOf(value).filter((tag) => typeof tag === 'string')
  return (
    <TagsInput
      label={label}
      data={known.filter((tag) => !tags.includes(tag))}
      value={tags}
      maxTags={50}
      acceptValueOnBlur
      onChange={onChange}
    />
  )
}
