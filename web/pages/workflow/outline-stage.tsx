import { useCallback, useState } from 'react'
import type { Stats } from '../../../shared/api/workflows.ts'
import type { AddPlace, ScreenPoint } from '../../canvas/actions.tsx'
import { Outline } from '../../canvas/outline.tsx'
import { StepMenu } from '../../canvas/step-menu.tsx'
import { useEditorStore } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import type { Edits } from '../../editor/use-edits.ts'
import css from './workflow-page.module.css'

/** The outline as a page of its own: everything the canvas edits, without dragging. */
export function OutlineStage({
  text,
  stats,
  isPaused,
  readOnly,
  edits,
}: {
  text: BuilderText
  stats: Stats | null
  isPaused: boolean
  readOnly: boolean
  edits: Edits
}) {
  const store = useEditorStore()
  const [adding, setAdding] = useState<{ place: AddPlace; at: ScreenPoint } | null>(null)
  const onOpen = useCallback((id: string) => store.getState().select([id], !readOnly), [store, readOnly])
  return (
    <div className={css.outline}>
      <Outline
        text={text}
        stats={stats}
        isPaused={isPaused}
        readOnly={readOnly}
        onOpen={onOpen}
        onAdd={(place, at) => setAdding({ place, at })}
        onRemove={(id) => edits.remove([id])}
      />
      {adding !== null && (
        <StepMenu
          at={adding.at}
          text={text}
          onClose={() => setAdding(null)}
          onPick={(kind) => {
            setAdding(null)
            edits.addStep(kind, { after: adding.place.from, port: adding.place.port })
          }}
        />
      )}
    </div>
  )
}
