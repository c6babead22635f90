import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { memo, useState } from 'react'
import { useCanvasActions } from '../actions.tsx'
import { lineAt } from '../graph.ts'
import type { FlowEdge } from '../to-flow.ts'
import css from './path-edge.module.css'

const RADIUS = 10
const FAN_BEND = 22

/** One outcome's way: a band as wide as its people, a line, a pill with its name, a plus to insert a step. */
export const PathEdge = memo(function PathEdge(props: EdgeProps<FlowEdge>) {
  const { id, data, sourceX, sourceY, targetY, sourcePosition, targetPosition, selected } = props
  const [isHovered, setHovered] = useState(false)
  const isStraight = Math.abs(sourceX - props.targetX) < 2 && data?.isDown === true
  const targetX = isStraight ? sourceX : props.targetX // a line is straight or it turns; it never leans
  const isFan = data?.isDown === true && !isStraight
  const bend = isFan ? { centerY: Math.min(sourceY + FAN_BEND, (sourceY + targetY) / 2) } : {}
  const [path, middleX, middleY] = getSmoothStepPath({
    sourceX,
    sourceY,
    sourcePosition,
    targetX,
    targetY,
    targetPosition,
    borderRadius: RADIUS,
    ...bend,
  })
  const labelAt = isFan
    ? { x: targetX, y: (Math.min(sourceY + FAN_BEND, (sourceY + targetY) / 2) + targetY) / 2 }
    : { x: middleX, y: middleY }
  const hover = { onPointerEnter: () => setHovered(true), onPointerLeave: () => setHovered(false) }
  return (
    <>
      {data !== undefined && data.band > 0 && <path d={path} className={css.band} style={{ strokeWidth: data.band }} />}
      <BaseEdge
        path={path}
        className={css.line}
        markerEnd="url(#p-arrow)"
        interactionWidth={0}
        data-selected={selected || undefined}
      />
      <path d={path} className={css.catch} data-line={id} {...hover} />
      <EdgeLabelRenderer>
        <div
          className={`${css.label} nodrag nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${labelAt.x}px, ${labelAt.y}px)` }}
          data-shown={isHovered || selected || undefined}
          {...hover}
        >
          {data !== undefined && data.label !== null && <Pill id={id} label={data.label} people={data.peopleText} />}
          <Insert id={id} />
        </div>
      </EdgeLabelRenderer>
    </>
  )
})

function Pill({ id, label, people }: { id: string; label: string; people: string }) {
  const actions = useCanvasActions()
  const line = lineAt(id)
  return (
    <span className={css.pill}>
      <span className={css.pillText}>{label}</span>
      {people !== '' && (
        <button
          type="button"
          tabIndex={-1}
          className={css.people}
          title={actions.text.t('canvas.see-people', { label })}
          onClick={() => line !== null && actions.openPeople(line.from, 'passed', line.port)}
        >
          {people}
        </button>
      )}
    </span>
  )
}

function Insert({ id }: { id: string }) {
  const actions = useCanvasActions()
  const line = lineAt(id)
  const name = actions.text.t('canvas.insert')
  return (
    <button
      type="button"
      tabIndex={-1}
      className={css.insert}
      aria-label={name}
      title={name}
      data-insert={id}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        if (line !== null) actions.openAddMenu(line, { x: box.left + box.width / 2, y: box.bottom })
      }}
    >
      <Plus size={14} strokeWidth={2.4} aria-hidden />
    </button>
  )
}

/** The arrow head all lines share; drawn once per canvas. */
export function ArrowHead() {
  return (
    <svg className={css.defs} aria-hidden="true">
      <defs>
        <marker
          id="p-arrow"
          viewBox="0 0 8 8"
          refX="6.500"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
          markerUnits="userSpaceOnUse"
        >
          <path d="M1 1l5.500 3L1 7" className={css.head} />
        </marker>
      </defs>
    </svg>
  )
}
