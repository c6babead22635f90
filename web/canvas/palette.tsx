import type { DragEvent } from 'react'
import type { StepKindName, TriggerKindName } from '../../shared/workflow/kind.ts'
import { stepKinds, triggerKinds } from '../../shared/workflow/kinds.ts'
import type { BuilderText } from '../editor/text.ts'
import { StepTile } from '../ui/step-tile.tsx'
import css from './palette.module.css'

export const DRAG_TYPE = 'application/x-perennial-step'
export type PaletteItem = { isTrigger: true; kind: TriggerKindName } | { isTrigger: false; kind: StepKindName }

const paletteItems: readonly PaletteItem[] = [
  ...Object.values(triggerKinds).map(({ kind }) => ({ isTrigger: true as const, kind })),
  ...Object.values(stepKinds).map(({ kind }) => ({ isTrigger: false as const, kind })),
]

/** The item a drag carries, or null when something else is dragged. */
export function itemOfDrag(event: DragEvent): PaletteItem | null {
  const kind = event.dataTransfer.getData(DRAG_TYPE)
  return paletteItems.find((item) => item.kind === kind) ?? null
}

const familyOfItem = (item: PaletteItem) => (item.isTrigger ? 'trigger' : stepKinds[item.kind].family)

/** What a workflow is made of: drag a tile onto the canvas, or press it to add after the selected step. */
export function Palette({ text, onAdd }: { text: BuilderText; onAdd: (item: PaletteItem) => void }) {
  const { t } = text
  return (
    <div className={css.palette} role="toolbar" aria-label={t('palette.name')} aria-orientation="vertical">
      {paletteItems.map((item, index) => (
        <div key={item.kind} className={css.slot}>
          {index > 0 && item.isTrigger !== paletteItems[index - 1]?.isTrigger && <hr className={css.rule} />}
          <button
            type="button"
            className={css.tool}
            draggable
            data-palette={item.kind}
            aria-label={t('palette.add', { kind: t(`kind.${item.kind}.name`) })}
            onDragStart={(event) => {
              event.dataTransfer.setData(DRAG_TYPE, item.kind)
              event.dataTransfer.effectAllowed = 'copy'
            }}
            onClick={() => onAdd(item)}
          >
            <StepTile family={familyOfItem(item)} kind={item.kind} size={24} />
            <span className={css.tip} aria-hidden="true">
              <b>{t(`kind.${item.kind}.name`)}</b>
              <span>{t(`kind.${item.kind}.about`)}</span>
            </span>
          </button>
        </div>
      ))}
    </div>
  )
}
