import { ActionIcon, Button, NumberInput } from '@mantine/core'
import { Plus, Trash2 } from 'lucide-react'
import type { DrawnStep, WorkflowDocument } from '../../shared/workflow/document.ts'
import { freshId } from '../../shared/workflow/fresh-id.ts'
import { addArm, armsOf, type DrawnArm, removeArm, sharesOf, updateArm } from '../editor/arms.ts'
import { useEditorStore } from '../editor/context.tsx'
import { browserRandom } from '../editor/gestures.ts'
import type { PanelTools } from './panel-context.ts'
import css from './side-panel.module.css'
import split from './split-panel.module.css'

/** No port of another kind of step may be the name of an arm. */
const RESERVED = ['next', 'timeout', 'otherwise', 'start']
const MOST_ARMS = 20
const MAX_WEIGHT = 1_000_000

/** Ways taken by chance: each with a name and a weight, shown as shares that add up. */
export function SplitPanel({ step, tools }: { step: DrawnStep; tools: PanelTools }) {
  const store = useEditorStore()
  const { t, formats } = tools.text
  const arms = armsOf(step)
  const shares = sharesOf(arms.map((arm) => arm.weight))
  const edit = (key: string, change: (doc: WorkflowDocument) => WorkflowDocument, field?: string) =>
    store.getState().apply({ key }, change, field)
  const add = () => {
    const id = freshId('arm', new Set([...RESERVED, ...arms.map((arm) => arm.id)]), browserRandom)
    edit('add-arm', (doc) => addArm(doc, step.id, id))
  }
  return (
    <>
      <div className={split.bar} aria-hidden="true">
        {arms.map((arm, index) => (
          <span key={arm.id} style={{ flexGrow: shares[index] ?? 0 }} data-place={index % 4} />
        ))}
      </div>
      <ul className={split.arms} aria-label={t('split.arms')}>
        {arms.map((arm, index) => (
          <ArmRow
            key={arm.id}
            arm={arm}
            number={index + 1}
            place={index % 4}
            share={shares[index] ?? 0}
            people={tools.stats?.steps[step.id]?.paths[arm.id]}
            isOnly={arms.length <= 2}
            tools={tools}
            onChange={(fields, field) =>
              edit('change-arm', (doc) => updateArm(doc, step.id, arm.id, fields), `${step.id}.${arm.id}.${field}`)
            }
            onRemove={() => edit('remove-arm', (doc) => removeArm(doc, step.id, arm.id))}
          />
        ))}
      </ul>
      <div className={split.foot}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<Plus size={15} aria-hidden />}
          disabled={arms.length >= MOST_ARMS}
          onClick={add}
        >
          {t('split.add')}
        </Button>
        <span className={split.total}>
          {t('split.together', { share: formats.share(shares.reduce((sum, share) => sum + share, 0)) })}
        </span>
      </div>
      <p className={css.note}>{t('split.note')}</p>
    </>
  )
}

type RowProps = {
  arm: DrawnArm
  number: number
  place: number
  share: number
  people: number | undefined
  /** A split of one is no split. */
  isOnly: boolean
  tools: PanelTools
  onChange(fields: { label?: string; weight?: number }, field: string): void
  onRemove(): void
}

function ArmRow({ arm, number, place, share, people, isOnly, tools, onChange, onRemove }: RowProps) {
  const { t, formats } = tools.text
  const name = arm.label || t('split.unnamed', { number })
  return (
    <li className={split.arm} data-arm={arm.id}>
      <span className={split.dot} data-place={place} aria-hidden="true" />
      <input
        className={`${css.titleInput} ${split.label}`}
        aria-label={t('split.label', { number })}
        placeholder={t('split.unnamed', { number })}
        maxLength={100}
        value={arm.label}
        onChange={(event) => onChange({ label: event.currentTarget.value }, 'label')}
      />
      <NumberInput
        className={split.weight ?? ''}
        size="xs"
        aria-label={t('split.weight', { name })}
        value={arm.weight}
        min={0}
        max={MAX_WEIGHT}
        allowNegative={false}
        decimalScale={3}
        clampBehavior="strict"
        hideControls
        onChange={(weight) => onChange({ weight: Number(weight) || 0 }, 'weight')}
      />
      <b className={split.share}>{formats.share(share)}</b>
      <ActionIcon size="sm" aria-label={t('split.remove', { name })} disabled={isOnly} onClick={onRemove}>
        <Trash2 size={14} aria-hidden />
      </ActionIcon>
      {people !== undefined && (
        <span className={split.people}>{t('split.people', { count: people, number: formats.count(people) })}</span>
      )}
    </li>
  )
}
