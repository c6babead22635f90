import { Autocomplete, Button, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Fields } from '../../../shared/api/contacts.ts'
import {
  type AttributeCondition,
  type EventCondition,
  MESSAGE_DEEDS,
  type PropertyCondition,
} from '../../../shared/condition/schema.ts'
import type { BuilderText } from '../../editor/text.ts'
import { DurationField } from '../duration-field.tsx'
import { type Slot, topicWords } from './clause-parts.ts'
import { PickList } from './token.tsx'
import { operatorsFor, type Rule, takesDuration, type ValueType, valueFrom, withOperator } from './tree.ts'

export type Names = { fields: Fields; emails: Readonly<Record<string, string>>; eventName: string | null }
type Props = { slot: Slot; rule: Rule; names: Names; text: BuilderText; onChange(rule: Rule): void; close(): void }

/** The choice behind one token. */
export function SlotEditor({ slot, rule, names, text, onChange, close }: Props) {
  const { t } = text
  const set = (changed: Rule) => {
    onChange(changed)
    close()
  }
  const suggest = (label: string, value: string, data: readonly string[], change: (value: string) => Rule) => (
    <Suggest label={label} value={value} data={data} done={t('done')} onDone={(next) => set(change(next))} />
  )
  if (slot === 'attribute' && 'attribute' in rule)
    return suggest(
      t('cond.choose.attribute'),
      rule.attribute,
      names.fields.attributes.map((a) => a.key),
      (attribute) => ({ ...rule, attribute }),
    )
  if (slot === 'property' && 'property' in rule)
    return suggest(t('cond.choose.property'), rule.property, propertiesOf(names), (property) => ({ ...rule, property }))
  if (slot === 'is' && 'is' in rule) {
    const options = operatorsFor(typeOf(rule, names.fields)).map((is) => ({
      value: is,
      label: t(`words:operator.${is}`),
    }))
    return (
      <PickList
        label={t('cond.choose.is')}
        options={options}
        value={rule.is}
        onPick={(is) => set(withOperator(rule, is))}
      />
    )
  }
  if (slot === 'value' && 'is' in rule)
    return (
      <ValueEditor
        rule={rule}
        type={typeOf(rule, names.fields)}
        samples={samplesOf(rule, names.fields)}
        text={text}
        onChange={onChange}
        close={close}
      />
    )
  if (slot === 'event' && 'event' in rule)
    return suggest(
      t('cond.choose.event'),
      rule.event,
      names.fields.events.map((e) => e.name),
      (event) => ({ ...rule, event }),
    )
  if (slot === 'how' && 'event' in rule)
    return (
      <Stack gap="md">
        <TimesEditor rule={rule} text={text} onChange={onChange} />
        <WithinEditor rule={rule} text={text} onChange={onChange} />
      </Stack>
    )
  if (slot === 'tag' && 'tag' in rule)
    return suggest(t('cond.choose.tag'), rule.tag, names.fields.tags, (tag) => ({ ...rule, tag }))
  if (slot === 'consent' && 'consent' in rule) {
    const topics = [...new Set(['marketing', ...names.fields.topics])].map((topic) => ({
      value: topic,
      label: topicWords(topic, text),
    }))
    return (
      <PickList
        label={t('cond.choose.consent')}
        options={topics}
        value={rule.consent}
        onPick={(consent) => set({ ...rule, consent })}
      />
    )
  }
  if (slot === 'did' && 'message' in rule) {
    const deeds = MESSAGE_DEEDS.map((did) => ({ value: did, label: t(`words:deed.${did}`) }))
    return (
      <PickList label={t('cond.choose.did')} options={deeds} value={rule.did} onPick={(did) => set({ ...rule, did })} />
    )
  }
  if (slot === 'message' && 'message' in rule) {
    const emails = Object.entries(names.emails).map(([value, label]) => ({ value, label }))
    return emails.length === 0 ? (
      <p>{t('cond.no-emails')}</p>
    ) : (
      <PickList
        label={t('cond.choose.message')}
        options={emails}
        value={rule.message}
        onPick={(message) => set({ ...rule, message })}
      />
    )
  }
  return null
}

const propertiesOf = ({ fields, eventName }: Names): string[] => [
  ...new Set(fields.events.filter((e) => eventName === null || e.name === eventName).flatMap((e) => e.properties)),
]
const fieldOf = (rule: Rule, fields: Fields) =>
  'attribute' in rule ? fields.attributes.find((a) => a.key === rule.attribute) : undefined
const typeOf = (rule: Rule, fields: Fields): ValueType | null =>
  fieldOf(rule, fields)?.type ?? ('property' in rule ? guessType(rule.value) : null)
const guessType = (value: unknown): ValueType | null => (typeof value === 'number' ? 'number' : null)
const samplesOf = (rule: Rule, fields: Fields): readonly string[] => fieldOf(rule, fields)?.samples ?? []

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
  type: ValueType | null
  samples: readonly string[]
  text: BuilderText
  onChange(rule: Rule): void
  close(): void
}

function ValueEditor({ rule, type, samples, text, onChange, close }: ValueProps) {
  const { t } = text
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
    <Suggest label={label} value={shown} data={rule.is === 'one-of' ? [] : samples} done={t('done')} onDone={change} />
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
