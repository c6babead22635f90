import { Handle, type NodeProps, Position } from '@xyflow/react'
import { OctagonAlert, Pause, Plus, TriangleAlert, Users } from 'lucide-react'
import { type MouseEvent, memo } from 'react'
import { StepTile } from '../../ui/step-tile.tsx'
import { useCanvasActions } from '../actions.tsx'
import type { CardNumber } from '../card-numbers.ts'
import type { CardSize } from '../geometry.ts'
import { type FlowNode, type OpenOut, type StepCardData, sourceHandle, targetHandle } from '../to-flow.ts'
import { CardActions } from './card-actions.tsx'
import css from './step-card.module.css'

/** Draws one step or trigger. It shows what it is given: no fetch, no store, no rules. */
export const StepCard = memo(function StepCard({ id, data, selected }: NodeProps<FlowNode>) {
  const actions = useCanvasActions()
  return (
    <div
      className={css.card}
      data-size={data.size}
      data-family={data.family}
      data-selected={selected || undefined}
      data-severity={data.strip === null || data.strip.isQuiet ? undefined : data.strip.severity}
      data-kind={data.kind}
    >
      <button
        type="button"
        className={css.hit}
        data-node={id}
        tabIndex={data.tabbable ? 0 : -1}
        aria-label={data.spoken}
        aria-current={selected ? 'step' : undefined}
        title={data.strip?.full}
      />
      <Body id={id} data={data} />
      {data.strip !== null && (
        <div
          className={css.strip}
          data-severity={data.strip.isQuiet ? 'quiet' : data.strip.severity}
          aria-hidden="true"
        >
          {data.strip.severity === 'error' ? <OctagonAlert size={14} /> : <TriangleAlert size={14} />}
          <span className={css.clip}>{data.strip.text}</span>
          {data.strip.more > 0 && <span className={css.more}>+{data.strip.more}</span>}
        </div>
      )}
      {data.troubles.length > 0 && (
        <div className={css.troubles}>
          <NumberButtons id={id} numbers={data.troubles} size={data.size} />
        </div>
      )}
      <CardActions id={id} kind={data.kind} title={data.title} hasOuts={data.ports.length > 0} />
      <Ports id={id} data={data} />
      {data.openOuts.length > 0 && (
        <div className={css.stubs} data-aside={isBesideLines(data) || undefined}>
          {data.openOuts.map((out) => (
            <Stub
              key={out.port}
              out={out}
              always={data.openOuts.length > 1 || data.ports.length > 1}
              onAdd={(at) => actions.openAddMenu({ from: id, port: out.port }, at)}
            />
          ))}
        </div>
      )}
    </div>
  )
})

/** Lines fan out from the foot of a decision: what is open then stands at its side, clear of their labels. */
const isBesideLines = ({ family, ports, openOuts }: StepCardData): boolean =>
  family === 'logic' && openOuts.length < ports.length

function Body({ id, data }: { id: string; data: StepCardData }) {
  const isSlim = data.size === 'slim' || data.size === 'pill'
  const hasNumbers = data.numbers.length > 0
  // A card of two lines says its number in the second one; a card of three has a line for it.
  const showsLine = !isSlim && data.line !== null && !(data.size === 'two' && hasNumbers)
  return (
    <div className={css.body} data-body>
      <StepTile family={data.family} kind={data.kind} size={isSlim ? 24 : 28} />
      <div className={css.words}>
        <div className={css.title} aria-hidden="true">
          {data.title}
        </div>
        {showsLine && (
          <div className={css.line} aria-hidden="true">
            {data.line}
          </div>
        )}
        {!isSlim && hasNumbers && <Numbers id={id} data={data} />}
      </div>
      {isSlim && hasNumbers && <Numbers id={id} data={data} />}
    </div>
  )
}

function Numbers({ id, data }: { id: string; data: StepCardData }) {
  return (
    <div className={css.numbers}>
      <NumberButtons id={id} numbers={data.numbers} size={data.size} />
    </div>
  )
}

type NumbersProps = { id: string; numbers: readonly CardNumber[]; size: CardSize }

function NumberButtons({ id, numbers, size }: NumbersProps) {
  const actions = useCanvasActions()
  return (
    <>
      {numbers.map((number) => (
        <button
          key={number.state}
          type="button"
          tabIndex={-1}
          className={`${css.number} nodrag`}
          data-state={number.state}
          title={`${number.value} ${number.label}`}
          onClick={(event: MouseEvent) => {
            event.stopPropagation()
            actions.openPeople(id, number.state)
          }}
        >
          {number.icon === 'people' && <Users size={12} aria-hidden />}
          {number.icon === 'still' && <Pause size={12} aria-hidden />}
          <b>{number.value}</b>
          {size !== 'pill' && <span>{number.label}</span>}
        </button>
      ))}
    </>
  )
}

function Ports({ id, data }: { id: string; data: StepCardData }) {
  const isTrigger = data.family === 'trigger'
  return (
    <>
      {!isTrigger && (
        <>
          <Handle type="target" position={Position.Top} id={targetHandle('top')} className={css.port} />
          <Handle type="target" position={Position.Left} id={targetHandle('left')} className={css.port} />
          <Handle type="target" position={Position.Right} id={targetHandle('right')} className={css.port} />
        </>
      )}
      {data.ports.length > 0 && (
        <>
          <Handle
            type="source"
            position={Position.Bottom}
            id={sourceHandle('bottom')}
            className={css.port}
            data-source
            data-port-of={id}
          />
          <Handle
            type="source"
            position={Position.Left}
            id={sourceHandle('left')}
            className={css.port}
            isConnectableStart={false}
          />
          <Handle
            type="source"
            position={Position.Right}
            id={sourceHandle('right')}
            className={css.port}
            isConnectableStart={false}
          />
        </>
      )}
    </>
  )
}

type At = { x: number; y: number }

/** An outcome that leads nowhere yet: its label and a plus. */
function Stub({ out, always, onAdd }: { out: OpenOut; always: boolean; onAdd: (at: At) => void }) {
  const { text } = useCanvasActions()
  const name = out.label === null ? text.t('canvas.add-after') : text.t('canvas.add-on-path', { path: out.label })
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${css.stub} nodrag`}
      data-always={always || undefined}
      data-port={out.port}
      aria-label={name}
      title={name}
      onClick={(event) => {
        event.stopPropagation()
        const box = event.currentTarget.getBoundingClientRect()
        onAdd({ x: box.left + box.width / 2, y: box.bottom })
      }}
    >
      {out.label !== null && <span className={css.stubLabel}>{out.label}</span>}
      <Plus size={13} strokeWidth={2.4} aria-hidden />
    </button>
  )
}
