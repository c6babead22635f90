import { Autocomplete, Button, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AttributeCondition, EventCondition, PropertyCondition } from '../../../shared/condition/schema.ts'
import type { BuilderText } from '../../editor/text.ts'
import { DurationField } from '../duration-field.tsx'
import { choiceOf, type Names, samplesOf, typeOf } from './choices.ts'
import type { Slot } from './clause-parts.ts'
import { PickList } from './token.tsx'
import { type Rule, takesDuration, valueFrom } from './tree.ts'

type Props = { slot: Slot; rule: Rule; names: Names; text: BuilderText; onChange(rule: Rule): void; close(): void }

/** The choice behind one token. */
export function SlotEditor({ slot, rule, names, text, onChange, close }: Props) {
  const choice = choiceOf(slot, { rule, names, text })
  const pick = (change: (value: string) => Rule) => (value: string) => {
    onChange(change(value))
    close()
  }
  switch (choice?.kind) {
    case 'suggest': {
      const { label, value, data, change } = choice
      return <Suggest label={label} value={value} data={data} done={text.t('done')} onDone={pick(change)} />
    }
    case 'pick': {
      const { label, options, value, change } = choice
      return <PickList label={label} options={options} value={value} onPick={pick(change)} />
    }
    case 'nothing':
      return <p>{choice.say}</p>
    case 'value':
      return 'is' in rule ? <ValueEditor {...{ rule, names, text, onChange, close }} /> : null
    case 'how':
      return 'event' in rule ? (
        <Stack gap="md">
          <TimesEditor rule={rule} text={text} onChange={onChange} />
          <WithinEditor rule={rule} text={text} onChange={onChange} />
        </Stack>
      ) : null
    default:
      return null
  }
}

function Suggest({
  label,
  value,
  data,
  done,
  onDone,
}: {
  label: string
  value: string
  data: readonly string[]
  done: string
  onDone(value: string): void
}) {
  const [typed, setTyped] = useState(value)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onDone(typed.trim())
      }}
    >
      <Stack gap="sm">
        <Autocomplete
          label={label}
          value={typed}
          data={[...new Set(data)]}
          onChange={setTyped}
          onOptionSubmit={onDone}
          comboboxProps={{ withinPortal: false }}
          maxDropdownHeight={200}
          data-autofocus
        />
        <Button type="submit">{done}</Button>
      </Stack>
    </form>
  )
}

type ValueProps = {
  rule: AttributeCondition | PropertyCondition
  names: Names
  text: BuilderText
  onChange(rule: Rule): void
  close(): void
}

function ValueEditor({ rule, names, text, onChange, close }: ValueProps) {
  const { t } = text
  const type = typeOf(rule, names.fields)
  const set = (value: string) => onChange({ ...rule, value: valueFrom(value, type, rule.is) })
  const shown = Array.isArray(rule.value)
    ? rule.value.join(', ')
    : typeof rule.value === 'object'
      ? ''
      : String(rule.value ?? '')
  if (takesDuration(rule.is))
    return <DurationField text={text} label={t('cond.choose.value')} value={rule.value} onChange={set} autoFocus />
  if (type === 'boolean') {
    const options = [
      { value: 'true', label: t('words:value.yes') },
      { value: 'false', label: t('words:value.no') },
    ]
    const pick = (value: string) => {
      set(value)
      close()
    }
    return <PickList label={t('cond.choose.value')} options={options} value={shown} onPick={pick} />
  }
  if (type === 'date')
    return (
      <TextInput
        type="date"
        label={t('cond.choose.value')}
        value={shown.slice(0, 10)}
        onChange={(event) => set(event.currentTarget.value)}
        data-autofocus
      />
    )
  const change = (value: string) => {
    onChange({ ...rule, value: valueFrom(value, type, rule.is) })
    close()
  }
  const label = rule.is === 'one-of' ? t('cond.choose.values') : t('cond.choose.value')
  return (
    <Suggest
      label={label}
      value={shown}
      data={rule.is === 'one-of' ? [] : samplesOf(rule, names.fields)}
      done={t('done')}
      onDone={change}
    />
  )
}

type EventProps = { rule: EventCondition; text: BuilderText; onChange(rule: Rule): void }

function TimesEditor({ rule, text: { t }, onChange }: EventProps) {
  const { atLeast, atMost } = rule.times ?? { atLeast: 1 }
  const mode = atMost === 0 ? 'never' : atMost === undefined ? 'at-least' : atLeast === atMost ? 'exactly' : 'at-most'
  const count = mode === 'at-least' || mode === 'exactly' ? (atLeast ?? 1) : (atMost ?? 1)
  const set = (nextMode: string, n: number) => {
    const { times: _times, ...rest } = rule
    if (nextMode === 'never') onChange({ ...rest, times: { atMost: 0 } })
    else if (nextMode === 'at-most') onChange({ ...rest, times: { atMost: Math.max(1, n) } })
    else if (nextMode === 'exactly') onChange({ ...rest, times: { atLeast: n, atMost: n } })
    else onChange(n <= 1 ? rest : { ...rest, times: { atLeast: n } })
  }
  const modes = ['at-least', 'exactly', 'at-most', 'never'].map((value) => ({
    value,
    label: t(`cond.times-mode.${value}`),
  }))
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t('cond.choose.times')}
        data={modes}
        value={mode}
        onChange={(event) => set(event.currentTarget.value, count)}
        data-autofocus
      />
      {mode !== 'never' && (
        <NumberInput
          label={t('cond.choose.count')}
          min={1}
          allowDecimal={false}
          value={count}
          onChange={(n) => set(mode, Number(n) || 1)}
        />
      )}
    </Stack>
  )
}

function WithinEditor({ rule, text, onChange }: EventProps) {
  const { t } = text
  const mode = rule.within === undefined ? 'ever' : rule.within === 'since-entry' ? 'since-entry' : 'last'
  const set = (within: string | null) => {
    const { within: _within, ...rest } = rule
    onChange(within === null ? rest : { ...rest, within })
  }
  const modes = ['ever', 'since-entry', 'last'].map((value) => ({ value, label: t(`cond.within-mode.${value}`) }))
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t('cond.choose.within')}
        data={modes}
        value={mode}
        onChange={(event) =>
          set(
            event.currentTarget.value === 'ever' ? null : event.currentTarget.value === 'last' ? 'P30D' : 'since-entry',
          )
        }
      />
      {mode === 'last' && (
        <DurationField text={text} label={t('cond.choose.how-long')} value={rule.within} onChange={set} />
      )}
    </Stack>
  )
}
