import { ActionIcon, Button } from '@mantine/core'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import type { Condition } from '../../shared/condition/schema.ts'
import type { DrawnStep } from '../../shared/workflow/document.ts'
import { isRecord, listOf } from '../../shared/workflow/draft.ts'
import { addPath, movePath, removePath, updatePath } from '../../shared/workflow/edit-paths.ts'
import { freshId } from '../../shared/workflow/fresh-id.ts'
import { plainLiquid } from '../../shared/workflow/step-names.ts'
import { useEditor, useEditorStore } from '../editor/context.tsx'
import { browserRandom } from '../editor/gestures.ts'
import { AudienceCountNote } from './condition/audience-count.tsx'
import { ConditionBuilder } from './condition/condition-builder.tsx'
import { isOfAnybody, type RuleKind } from './condition/tree.ts'
import type { PanelTools } from './panel-context.ts'
import css from './side-panel.module.css'

const KINDS: readonly RuleKind[] = ['event', 'message', 'attribute', 'property', 'tag', 'consent']
const OF_PEOPLE: readonly RuleKind[] = ['attribute', 'event', 'tag', 'consent', 'message', 'property']

/** The labelled paths of a branch or a wait-until, in the order they are tried. */
export function PathsList({ step, tools, showCounts }: { step: DrawnStep; tools: PanelTools; showCounts: boolean }) {
  const store = useEditorStore()
  const { t } = tools.text
  const paths = listOf(step.paths).filter(isRecord)
  const add = () => {
    const id = freshId('path', new Set(paths.map((p) => String(p.id))), browserRandom)
    store.getState().apply({ key: 'add-path' }, (doc) => addPath(doc, step.id, { id }))
  }
  return (
    <>
      {paths.map((path, index) => (
        <PathCard
          key={String(path.id)}
          step={step}
          path={path}
          index={index}
          last={index === paths.length - 1}
          tools={tools}
          showCounts={showCounts}
        />
      ))}
      <div>
        <Button variant="subtle" size="compact-sm" leftSection={<Plus size={15} aria-hidden />} onClick={add}>
          {t('path.add')}
        </Button>
      </div>
    </>
  )
}

type CardProps = {
  step: DrawnStep
  path: Readonly<Record<string, unknown>>
  index: number
  last: boolean
  tools: PanelTools
  showCounts: boolean
}

function PathCard(props: CardProps) {
  const { step, path, tools, showCounts } = props
  const store = useEditorStore()
  const { t } = tools.text
  const emails = useEditor((s) => s.document.emails)
  const id = String(path.id)
  const when = (path.when ?? null) as Condition | null // a draft may hold anything; the check judges it
  const names = {
    fields: tools.server.fields,
    emails: Object.fromEntries(
      Object.entries(emails).map(([key, mail]) => [key, plainLiquid(mail.subject) || t('words-of.no-subject')]),
    ),
    eventName: null,
  }
  const change = (fields: Readonly<Record<string, unknown>>, field: string) =>
    store
      .getState()
      .apply({ key: 'change-path' }, (doc) => updatePath(doc, step.id, id, fields), `${step.id}.${id}.${field}`)
  return (
    <section className={css.rule} aria-label={labelOf(path) || t('path.unnamed', { number: props.index + 1 })}>
      <PathHead {...props} onLabel={(label) => change({ label }, 'label')} />
      <ConditionBuilder
        condition={when}
        onChange={(next) => change({ when: next }, 'when')}
        names={names}
        kinds={showCounts ? OF_PEOPLE : KINDS}
        text={tools.text}
      />
      {showCounts && when !== null && isOfAnybody(when) && (
        <AudienceCountNote condition={when} server={tools.server} text={tools.text} />
      )}
    </section>
  )
}

const labelOf = (path: CardProps['path']): string => (typeof path.label === 'string' ? path.label : '')

/** Its number, name and how many took it; earlier, later, away. */
function PathHead({ step, path, index, last, tools, onLabel }: CardProps & { onLabel(label: string): void }) {
  const store = useEditorStore()
  const { t, formats } = tools.text
  const id = String(path.id)
  const taken = tools.stats?.steps[step.id]?.paths[id]
  const move = (by: 1 | -1) => store.getState().apply({ key: 'move-path' }, (doc) => movePath(doc, step.id, id, by))
  return (
    <div className={css.ruleHead}>
      <span className={css.ruleNo}>{index + 1}.</span>
      <input
        className={css.titleInput}
        style={{ fontSize: 13, marginLeft: 0 }}
        aria-label={t('path.label')}
        placeholder={t('path.unnamed', { number: index + 1 })}
        maxLength={100}
        value={labelOf(path)}
        onChange={(event) => onLabel(event.currentTarget.value)}
      />
      {taken !== undefined && <span className={css.ruleCount}>{formats.count(taken)}</span>}
      <ActionIcon size="sm" aria-label={t('path.up')} disabled={index === 0} onClick={() => move(-1)}>
        <ArrowUp size={14} aria-hidden />
      </ActionIcon>
      <ActionIcon size="sm" aria-label={t('path.down')} disabled={last} onClick={() => move(1)}>
        <ArrowDown size={14} aria-hidden />
      </ActionIcon>
      <ActionIcon
        size="sm"
        aria-label={t('path.remove')}
        onClick={() => store.getState().apply({ key: 'remove-path' }, (doc) => removePath(doc, step.id, id))}
      >
        <Trash2 size={14} aria-hidden />
      </ActionIcon>
    </div>
  )
}
