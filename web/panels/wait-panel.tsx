import { Autocomplete, Chip, Group, NativeSelect, TextInput } from '@mantine/core'
import type { DrawnStep } from '../../shared/workflow/document.ts'
import { isRecord, listOf } from '../../shared/workflow/draft.ts'
import { WEEKDAYS, waitMode } from '../../shared/workflow/steps/wait.ts'
import { DurationField } from './duration-field.tsx'
import type { PanelTools } from './panel-context.ts'
import css from './side-panel.module.css'
import { useStepEdit } from './use-step-edit.ts'
import { fieldsOfMode, MODES, type WaitMode } from './wait-modes.ts'

const isMode = (value: string): value is WaitMode => MODES.some((mode) => mode === value)
const str = (value: unknown): string => (typeof value === 'string' ? value : '')

export function WaitPanel({ step, tools }: { step: DrawnStep; tools: PanelTools }) {
  const { text } = tools
  const { t } = text
  const edit = useStepEdit(step.id)
  const mode = waitMode(step) ?? 'for'
  const until = isRecord(step.until) ? step.until : {}
  const setUntil = (fields: Readonly<Record<string, unknown>>, field: string) =>
    edit({ until: { ...until, ...fields } }, field)
  return (
    <>
      <NativeSelect
        label={t('wait.how')}
        value={mode}
        data={MODES.map((value) => ({ value, label: t(`wait.mode.${value}`) }))}
        onChange={(event) => {
          const next = event.currentTarget.value
          if (isMode(next)) edit(fieldsOfMode(next), 'mode')
        }}
      />
      {mode === 'for' && (
        <DurationField
          text={text}
          label={t('wait.time')}
          value={step.for}
          onChange={(iso) => edit({ for: iso }, 'for')}
        />
      )}
      {mode === 'at' && (
        <TextInput
          type="datetime-local"
          label={t('wait.at')}
          value={str(until.at).slice(0, 16)}
          onChange={(event) => setUntil({ at: event.currentTarget.value }, 'at')}
        />
      )}
      {mode === 'time' && <TimeFields until={until} tools={tools} setUntil={setUntil} />}
      {mode === 'attribute' && <AttributeFields until={until} tools={tools} setUntil={setUntil} />}
      {mode !== 'for' && <p className={css.note}>{t('wait.zone')}</p>}
    </>
  )
}

type UntilProps = {
  until: Readonly<Record<string, unknown>>
  tools: PanelTools
  setUntil(fields: Readonly<Record<string, unknown>>, field: string): void
}

function TimeFields({ until, tools: { text }, setUntil }: UntilProps) {
  const { t } = text
  const days = listOf(until.days).map(String)
  const isDelayed = typeof until.after === 'string' && until.after !== ''
  return (
    <>
      <TextInput
        type="time"
        label={t('wait.time-of-day')}
        value={str(until.time)}
        onChange={(event) => setUntil({ time: event.currentTarget.value }, 'time')}
      />
      <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
        <legend className={css.section}>{t('wait.days')}</legend>
        <Chip.Group
          multiple
          value={days}
          onChange={(next) => setUntil({ days: WEEKDAYS.filter((day) => next.includes(day)) }, 'days')}
        >
          <Group gap={4} mt={6}>
            {WEEKDAYS.map((day) => (
              <Chip key={day} value={day} size="xs">
                {t(`steps:day.${day}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </fieldset>
      <NativeSelect
        label={t('wait.not-before')}
        value={isDelayed ? 'after' : 'now'}
        data={['now', 'after'].map((value) => ({ value, label: t(`wait.from.${value}`) }))}
        onChange={(event) => setUntil({ after: event.currentTarget.value === 'after' ? 'P2D' : undefined }, 'after')}
      />
      {isDelayed && (
        <DurationField
          text={text}
          label={t('wait.at-least')}
          value={until.after}
          onChange={(after) => setUntil({ after }, 'after')}
        />
      )}
    </>
  )
}

function AttributeFields({ until, tools: { text, server }, setUntil }: UntilProps) {
  const { t } = text
  const offset = str(until.offset)
  const direction = offset === '' ? 'on' : offset.startsWith('-') ? 'before' : 'after'
  const amount = offset.replace(/^[+-]/, '') || 'P7D'
  const sign = direction === 'before' ? '-' : ''
  return (
    <>
      <Autocomplete
        label={t('wait.attribute')}
        data={server.fields.attributes.filter((a) => a.type === 'date').map((a) => a.key)}
        value={str(until.attribute)}
        onChange={(attribute) => setUntil({ attribute }, 'attribute')}
      />
      <NativeSelect
        label={t('wait.when')}
        value={direction}
        data={['before', 'on', 'after'].map((value) => ({ value, label: t(`wait.direction.${value}`) }))}
        onChange={(event) => {
          const next = event.currentTarget.value
          setUntil({ offset: next === 'on' ? undefined : `${next === 'before' ? '-' : ''}${amount}` }, 'offset')
        }}
      />
      {direction !== 'on' && (
        <DurationField
          text={text}
          label={t('wait.how-far')}
          value={amount}
          onChange={(iso) => setUntil({ offset: `${sign}${iso}` }, 'offset')}
        />
      )}
      <NativeSelect
        label={t('wait.if-past')}
        value={until.ifPast === 'exit' ? 'exit' : 'continue'}
        data={['continue', 'exit'].map((value) => ({ value, label: t(`wait.past.${value}`) }))}
        onChange={(event) => setUntil({ ifPast: event.currentTarget.value }, 'ifPast')}
      />
    </>
  )
}
