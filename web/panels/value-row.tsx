import { ActionIcon, Autocomplete, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { Trash2 } from 'lucide-react'
import type { BuilderText } from '../editor/text.ts'
import { typedValue, VALUE_MODES, type ValueRow, valueOfMode } from './contact-values.ts'
import css from './side-panel.module.css'
import values from './update-contact-panel.module.css'

type Props = {
  row: ValueRow
  samples: readonly string[]
  /** Of all events: which one starts the workflow is known at the entry only. */
  properties: readonly string[]
  text: BuilderText
  onChange(value: unknown): void
  onRemove(): void
}

/** One attribute: what happens to it, and the value as its type is typed. */
export function ValueRowFields({ row, samples, properties, text: { t }, onChange, onRemove }: Props) {
  const { attribute, mode } = row
  return (
    <li className={values.row} data-attribute={attribute}>
      <div className={css.ruleHead}>
        <b className={values.name}>{attribute}</b>
        <ActionIcon size="sm" aria-label={t('update.remove', { attribute })} onClick={onRemove}>
          <Trash2 size={14} aria-hidden />
        </ActionIcon>
      </div>
      <div className={values.pair}>
        <NativeSelect
          aria-label={t('update.mode-of', { attribute })}
          value={mode}
          data={VALUE_MODES.map((value) => ({ value, label: t(`update.mode.${value}`) }))}
          onChange={(event) => {
            const next = VALUE_MODES.find((known) => known === event.currentTarget.value)
            if (next !== undefined) onChange(valueOfMode(next, row))
          }}
        />
        {mode === 'value' && <TypedField row={row} samples={samples} t={t} onChange={onChange} />}
        {mode === 'entry' && (
          <Autocomplete
            aria-label={t('update.property-of', { attribute })}
            placeholder={t('update.property')}
            data={[...properties]}
            value={row.entry}
            maxLength={200}
            onChange={(entry) => onChange({ entry })}
          />
        )}
      </div>
    </li>
  )
}

type FieldProps = {
  row: ValueRow
  samples: readonly string[]
  t: BuilderText['t']
  onChange(value: unknown): void
}

function TypedField({ row: { attribute, type, value }, samples, t, onChange }: FieldProps) {
  const label = t('update.value-of', { attribute })
  const shown = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  if (type === 'boolean')
    return (
      <NativeSelect
        aria-label={label}
        value={String(value === true)}
        data={['true', 'false'].map((option) => ({
          value: option,
          label: t(option === 'true' ? 'words:value.yes' : 'words:value.no'),
        }))}
        onChange={(event) => onChange(typedValue(event.currentTarget.value, type))}
      />
    )
  if (type === 'number')
    return (
      <NumberInput aria-label={label} value={shown} onChange={(next) => onChange(typedValue(String(next), type))} />
    )
  if (type === 'date')
    return (
      <TextInput
        type="date"
        aria-label={label}
        value={shown.slice(0, 10)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  return (
    <Autocomplete
      aria-label={label}
      placeholder={t('update.value')}
      data={[...new Set(samples)]}
      value={shown}
      maxLength={1_000}
      limit={40}
      onChange={onChange}
    />
  )
}
