import { Group, NativeSelect, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { parseDuration } from '../../shared/time/duration.ts'
import { type Amount, readDuration, UNITS, type Unit, writeDuration } from '../editor/duration-input.ts'
import type { BuilderText } from '../editor/text.ts'

type Props = {
  text: BuilderText
  label: string
  value: unknown
  onChange(iso: string): void
  /** Shown when the duration is fine; a bad one says what is wrong. */
  hint?: string
  autoFocus?: boolean
}
const isUnit = (value: string): value is Unit => UNITS.some((unit) => unit === value)

/** How long: an amount and a unit, kept as an ISO 8601 duration. A duration of several parts stays until an amount is typed. */
export function DurationField({ text, label, value, onChange, hint, autoFocus }: Props) {
  const read = typeof value === 'string' ? readDuration(value) : null
  const first: Amount = read?.[0] ?? { amount: 0, unit: 'days' }
  const [unit, setUnit] = useState<Unit>(first.amount === 0 ? 'days' : first.unit)
  const shownUnit = first.amount === 0 ? unit : first.unit
  const parsed = typeof value === 'string' ? parseDuration(value) : null
  const problem = parsed === null || parsed.ok ? undefined : text.t(`problem:${parsed.code}`, { found: String(value) })
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <NumberInput
        label={label}
        description={hint}
        error={problem}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={first.amount}
        min={0}
        allowNegative={false}
        allowDecimal={shownUnit === 'seconds'}
        decimalScale={3}
        autoFocus={autoFocus ?? false}
        onChange={(amount) => onChange(writeDuration({ amount: Number(amount) || 0, unit: shownUnit }))}
        style={{ flex: 1 }}
      />
      <NativeSelect
        label={text.t('field.unit')}
        value={shownUnit}
        data={UNITS.map((name) => ({ value: name, label: text.t(`unit-name.${name}`) }))}
        onChange={(event) => {
          const next = event.currentTarget.value
          if (!isUnit(next)) return
          setUnit(next)
          onChange(writeDuration({ amount: first.amount, unit: next }))
        }}
        style={{ width: 128 }}
      />
    </Group>
  )
}
