import { ArrowDown, ArrowRight, Flag, OctagonAlert, Plus, TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import type { Stats } from '../../shared/api/workflows.ts'
import { type OutlineRow, outlineOf } from '../../shared/workflow/outline.ts'
import { useEditor, useEditorStore } from '../editor/context.tsx'
import { triggerNode } from '../editor/slice.ts'
import { wordsOfStep, wordsOfTrigger } from '../editor/step-words.ts'
import type { BuilderText } from '../editor/text.ts'
import { nameOfNode } from '../editor/use-edits.ts'
import { StepTile } from '../ui/step-tile.tsx'
import type { AddPlace, ScreenPoint } from './actions.tsx'
import { cardNumbers, peopleAlong, triggerNumbers, troubleNumbers } from './card-numbers.ts'
import { familyOf } from './graph.ts'
import css from './outline.module.css'
import { labelOf, type Strip, stripsOf } from './to-flow.ts'

export type OutlineProps = {
  text: BuilderText
  stats: Stats | null
  isPaused: boolean
  /** A list to read, as on a phone: nothing can be added or removed. */
  readOnly: boolean
  onOpen(nodeId: string): void
  onAdd(place: AddPlace, at: ScreenPoint): void
  onRemove(nodeId: string): void
}

/** The workflow as a tree to read from top to bottom; the second drawing of the same document. */
export function Outline(props: OutlineProps) {
  const { text, stats } = props
  const document = useEditor((s) => s.document)
  const problems = useEditor((s) => s.problems)
  const selection = useEditor((s) => s.selection)
  const store = useEditorStore()
  const tree = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => outlineOf(document), [document])
  const strips = useMemo(() => stripsOf(problems, document, text), [problems, document, text])
  const first = rows.map(nodeOfRow).find((id) => id !== null)
  const current = selection.at(-1) ?? first
  const move = (event: KeyboardEvent) => {
    const items = [...(tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"][data-row]') ?? [])]
    const at = items.indexOf(window.document.activeElement as HTMLElement)
    const id = items[at]?.dataset.row
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      const next = items[Math.max(0, Math.min(items.length - 1, to))]
      next?.focus()
      if (next?.dataset.row !== undefined) store.getState().select([next.dataset.row])
    } else if (id !== undefined && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      props.onOpen(id)
    } else if (
      id !== undefined &&
      event.key.toLowerCase() === 'a' &&
      !props.readOnly &&
      !event.ctrlKey &&
      !event.metaKey
    ) {
      event.preventDefault()
      const box = items[at]?.getBoundingClientRect()
      props.onAdd({ from: id, port: null }, { x: (box?.left ?? 0) + 60, y: box?.bottom ?? 0 })
    } else if (id !== undefined && event.key === 'Delete' && !props.readOnly) {
      event.preventDefault()
      props.onRemove(id)
    }
  }
  if (rows.length === 0) return <p className={css.empty}>{text.t('outline.empty')}</p>
  return (
    <div ref={tree} className={css.tree} role="tree" aria-label={text.t('outline.name')} onKeyDown={move}>
      {rows.map((row, index) => {
        const id = nodeOfRow(row)
        const key = `${index}:${id ?? row.kind}`
        if (id !== null)
          return (
            <NodeRow
              key={key}
              {...props}
              id={id}
              level={row.level}
              meets={row.kind === 'step' ? row.meets : 0}
              strip={strips.get(id) ?? null}
              tabbable={id === current}
              selected={selection.includes(id)}
            />
          )
        return <JoinRow key={key} row={row} text={text} stats={stats} readOnly={props.readOnly} onAdd={props.onAdd} />
      })}
    </div>
  )
}

const nodeOfRow = (row: OutlineRow): string | null =>
  row.kind === 'trigger' ? triggerNode(row.id) : row.kind === 'step' ? row.id : null

type NodeRowProps = OutlineProps & {
  id: string
  level: number
  meets: number
  strip: Strip | null
  tabbable: boolean
  selected: boolean
}

function NodeRow({ id, level, meets, strip, tabbable, selected, text, stats, isPaused, onOpen }: NodeRowProps) {
  const document = useEditor((s) => s.document)
  const trigger = document.triggers.find((t) => triggerNode(t.id) === id)
  const step = document.steps.find((s) => s.id === id)
  const words =
    trigger !== undefined
      ? wordsOfTrigger(trigger, text)
      : step !== undefined
        ? wordsOfStep(step, document, text)
        : { title: id, line: null }
  const numbers =
    trigger !== undefined
      ? triggerNumbers(document, stats, text)
      : step === undefined
        ? []
        : [
            ...cardNumbers(step.kind, stats?.steps[step.id], text, isPaused),
            ...troubleNumbers(stats?.steps[step.id], text),
          ]
  const passed = trigger !== undefined ? stats?.totals.entered : stats?.steps[id]?.passed
  const line =
    step !== undefined && numbers.length > 0 ? numbers.map((n) => `${n.value} ${n.label}`).join(' · ') : words.line
  const { t, formats } = text
  return (
    <>
      {meets > 1 && (
        <div className={css.meet} style={{ paddingLeft: indent(level) }} role="presentation">
          <ArrowDown size={15} aria-hidden /> {t('outline.meet', { count: meets })}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles keys for all its rows */}
      <div
        role="treeitem"
        className={css.row}
        style={{ paddingLeft: indent(level) }}
        aria-level={level + 1}
        aria-selected={selected}
        tabIndex={tabbable ? 0 : -1}
        data-row={id}
        onClick={() => onOpen(id)}
      >
        <StepTile
          family={trigger === undefined ? familyOf(step?.kind ?? '') : 'trigger'}
          kind={trigger?.kind ?? step?.kind ?? ''}
        />
        <div className={css.words}>
          <div className={css.title}>{words.title}</div>
          {line !== null && <div className={css.line}>{line}</div>}
          {strip !== null && (
            <div className={css.strip} data-severity={strip.isQuiet ? 'quiet' : strip.severity} title={strip.full}>
              {strip.severity === 'error' ? (
                <OctagonAlert size={14} aria-hidden />
              ) : (
                <TriangleAlert size={14} aria-hidden />
              )}{' '}
              {strip.text}
            </div>
          )}
        </div>
        {passed !== undefined && passed > 0 && (
          <span className={css.passed}>
            <span className="p-hidden">{t('number.passed')} </span>
            {formats.count(passed)}
          </span>
        )}
      </div>
    </>
  )
}

const indent = (level: number) => 20 + level * 32

type JoinProps = {
  row: OutlineRow
  text: BuilderText
  stats: Stats | null
  readOnly: boolean
  onAdd: OutlineProps['onAdd']
}

/** What stands between steps: names of paths, where they go on, where they end. */
function JoinRow({ row, text, stats, readOnly, onAdd }: JoinProps) {
  const document = useEditor((s) => s.document)
  const { t, formats } = text
  const style = { paddingLeft: indent(row.level) }
  switch (row.kind) {
    case 'path': {
      const step = document.steps.find((s) => s.id === row.stepId)
      const label = step === undefined ? row.port : labelOf(step, row.label, row.port, text)
      const stepStats = stats?.steps[row.stepId]
      const people = stepStats === undefined ? null : peopleAlong(stepStats, row.port)
      return (
        <div
          role="treeitem"
          aria-level={row.level + 1}
          aria-selected={false}
          tabIndex={-1}
          className={css.path}
          style={style}
        >
          <span className={css.pill}>
            {label} {people !== null && <b>{formats.count(people)}</b>}
          </span>
          {!readOnly && (
            <button
              type="button"
              className={css.add}
              aria-label={t('canvas.add-on-path', { path: label ?? '' })}
              title={t('canvas.add-on-path', { path: label ?? '' })}
              onClick={(event) => {
                const box = event.currentTarget.getBoundingClientRect()
                onAdd({ from: row.stepId, port: row.port }, { x: box.left, y: box.bottom })
              }}
            >
              <Plus size={14} aria-hidden />
            </button>
          )}
        </div>
      )
    }
    case 'continues':
      return (
        <div className={css.goes} style={style} role="presentation">
          <ArrowRight size={15} aria-hidden />{' '}
          {t(row.back ? 'outline.back' : 'outline.goes-on', { title: nameOfNode(document, row.to, text) })}
        </div>
      )
    case 'ends':
      return (
        <div className={css.goes} style={style} role="presentation">
          <Flag size={14} aria-hidden /> {t('outline.ends')}
        </div>
      )
    case 'unreached':
      return (
        <div className={css.unreached} role="presentation">
          {t('outline.unreached')}
        </div>
      )
    default:
      return null
  }
}
