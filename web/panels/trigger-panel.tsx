import { Autocomplete, Button } from '@mantine/core'
import { UserPlus } from 'lucide-react'
import type { Condition } from '../../shared/condition/schema.ts'
import type { DrawnTrigger } from '../../shared/workflow/document.ts'
import { updateTrigger } from '../../shared/workflow/edit.ts'
import { useEditorStore } from '../editor/context.tsx'
import { ConditionBuilder } from './condition/condition-builder.tsx'
import type { PanelTools } from './panel-context.ts'
import css from './side-panel.module.css'

export function TriggerPanel({ trigger, tools }: { trigger: DrawnTrigger; tools: PanelTools }) {
  const store = useEditorStore()
  const { t } = tools.text
  const change = (fields: Readonly<Record<string, unknown>>, field: string) =>
    store
      .getState()
      .apply(
        { key: 'change-trigger' },
        (doc) => updateTrigger(doc, trigger.id, fields),
        `trigger.${trigger.id}.${field}`,
      )
  if (trigger.kind === 'manual')
    return (
      <>
        <p className={css.note}>{t('trigger.manual.note')}</p>
        <div>
          <Button leftSection={<UserPlus size={15} aria-hidden />} onClick={tools.addPeople}>
            {t('add-people.open')}
          </Button>
        </div>
      </>
    )
  if (trigger.kind === 'contact-created') return <p className={css.note}>{t('trigger.contact-created.note')}</p>
  if (trigger.kind === 'tag-added')
    return (
      <>
        <Autocomplete
          label={t('trigger.tag-added.label')}
          description={t('trigger.tag-added.hint')}
          data={[...new Set(tools.server.fields.tags)]}
          value={typeof trigger.tag === 'string' ? trigger.tag : ''}
          maxLength={100}
          onChange={(tag) => change({ tag }, 'tag')}
        />
        <p className={css.note}>{t('trigger.tag-added.note')}</p>
      </>
    )
  return <EventFields trigger={trigger} tools={tools} change={change} />
}

type EventProps = {
  trigger: DrawnTrigger
  tools: PanelTools
  change(fields: Readonly<Record<string, unknown>>, field: string): void
}

function EventFields({ trigger, tools, change }: EventProps) {
  const { t } = tools.text
  const event = typeof trigger.event === 'string' ? trigger.event : ''
  return (
    <>
      <Autocomplete
        label={t('trigger.event.label')}
        description={t('trigger.event.hint')}
        data={[...new Set(tools.server.fields.events.map((e) => e.name))]}
        value={event}
        maxLength={200}
        onChange={(name) => change({ event: name }, 'event')}
      />
      <div>
        <h3 className={css.section}>{t('trigger.event.where')}</h3>
        <ConditionBuilder
          condition={(trigger.where ?? null) as Condition | null}
          onChange={(where) => change({ where }, 'where')}
          names={{ fields: tools.server.fields, emails: {}, eventName: event || null }}
          kinds={['property', 'attribute', 'tag']}
          text={tools.text}
        />
      </div>
    </>
  )
}
