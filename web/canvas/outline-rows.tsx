import { ArrowDown, ArrowRight, Flag, OctagonAlert, Plus, TriangleAlert } from 'lucide-react'
import type { Stats } from '../../shared/api/workflows.ts'
import type { OutlineRow } from '../../shared/workflow/outline.ts'
import { useEditor } from '../editor/context.tsx'
import { triggerNode } from '../editor/slice.ts'
import { wordsOfStep, wordsOfTrigger } from '../editor/step-words.ts'
import type { BuilderText } from '../editor/text.ts'
import { nameOfNode } from '../editor/use-edits.ts'
import { StepTile } from '../ui/step-tile.tsx'
import type { AddPlace, ScreenPoint } from './actions.tsx'
import { type CardNumber, cardNumbers, peopleAlong, triggerNumbers, troubleNumbers } from './card-numbers.ts'
import { type Family, familyOf } from './graph.ts'
import css from './outline.module.css'
import { labelOf, type Strip } from './to-flow.ts'

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

type NodeRowProps = OutlineProps & {
  id: string
  level: number
  meets: number
  strip: Strip | null
  tabbable: boolean
  selected: boolean
}

/** A step or trigger: what it is called, what it does or its numbers, how many went on. */
export function NodeRow({ id, level, meets, strip, tabbable, selected, text, stats, isPaused, onOpen }: NodeRowProps) {
  const { t, formats } = text
  const { title, line, family, kind, passed } = useRowWords(id, { text, stats, isPaused })
  return (
    <>
      {meets > 1 && (
        <div className={css.meet} style={{ paddingLeft: indent(level) }} role="presentation">
          <Stems level={level} />
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
        <Stems level={level} />
        <StepTile family={family} kind={kind} />
        <div className={css.words}>
          <div className={css.title}>{title}</div>
          {line !== null && <div className={css.line}>{line}</div>}
          {strip !== null && <StripLine strip={strip} />}
        </div>
        {passed > 0 && (
          <span className={css.passed}>
            <span className="p-hidden">{t('number.passed')} </span>
            {formats.count(passed)}
          </span>
        )}
      </div>
    </>
  )
}

type RowWords = { title: string; line: string | null; family: Family; kind: string; passed: number }

function useRowWords(
  id: string,
  { text, stats, isPaused }: Pick<OutlineProps, 'text' | 'stats' | 'isPaused'>,
): RowWords {
  const document = useEditor((s) => s.document)
  const trigger = document.triggers.find((t) => triggerNode(t.id) === id)
  if (trigger !== undefined) {
    const words = wordsOfTrigger(trigger, text)
    const passed = triggerNumbers(document, stats, text).length > 0 ? (stats?.totals.entered ?? 0) : 0
    return { ...words, family: 'trigger', kind: trigger.kind, passed }
  }
  const step = document.steps.find((s) => s.id === id)
  if (step === undefined) return { title: id, line: null, family: familyOf(''), kind: '', passed: 0 }
  const counted = stats?.steps[id]
  const words = wordsOfStep(step, document, text)
  const numbers: CardNumber[] = [...cardNumbers(step.kind, counted, text, isPaused), ...troubleNumbers(counted, text)]
  const said = numbers.length === 0 ? words.line : numbers.map((n) => `${n.value} ${n.label}`).join(' · ')
  return { title: words.title, line: said, family: familyOf(step.kind), kind: step.kind, passed: counted?.passed ?? 0 }
}

function StripLine({ strip }: { strip: Strip }) {
  return (
    <div className={css.strip} data-severity={strip.isQuiet ? 'quiet' : strip.severity} title={strip.full}>
      {strip.severity === 'error' ? <OctagonAlert size={14} aria-hidden /> : <TriangleAlert size={14} aria-hidden />}{' '}
      {strip.text}
    </div>
  )
}

const INDENT = 32
const indent = (level: number) => 20 + level * INDENT
/** The middle of a tile. */
const STEM = 13

/** A line beside everything that belongs to a path. */
function Stems({ level }: { level: number }) {
  return Array.from({ length: level }, (_, depth) => (
    <span key={indent(depth)} className={css.stem} style={{ left: indent(depth) + STEM }} aria-hidden="true" />
  ))
}

type JoinProps = Pick<OutlineProps, 'text' | 'stats' | 'readOnly' | 'onAdd'> & { row: OutlineRow }

/** What stands between steps: names of paths, where they go on, where they end. */
export function JoinRow({ row, text, stats, readOnly, onAdd }: JoinProps) {
  const document = useEditor((s) => s.document)
  const { t } = text
  const style = { paddingLeft: indent(row.level) }
  switch (row.kind) {
    case 'path':
      return <PathRow row={row} text={text} stats={stats} readOnly={readOnly} onAdd={onAdd} />
    case 'continues':
      return (
        <div className={css.goes} style={style} role="presentation">
          <Stems level={row.level} />
          <ArrowRight size={15} aria-hidden />{' '}
          {t(row.back ? 'outline.back' : 'outline.goes-on', { title: nameOfNode(document, row.to, text) })}
        </div>
      )
    case 'ends':
      return (
        <div className={css.goes} style={style} role="presentation">
          <Stems level={row.level} />
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

type PathProps = Omit<JoinProps, 'row'> & { row: Extract<OutlineRow, { kind: 'path' }> }

function PathRow({ row, text, stats, readOnly, onAdd }: PathProps) {
  const step = useEditor((s) => s.document.steps.find(({ id }) => id === row.stepId))
  const { t, formats } = text
  const label = step === undefined ? row.port : labelOf(step, row.label, row.port, text)
  const counted = stats?.steps[row.stepId]
  const people = counted === undefined ? null : peopleAlong(counted, row.port)
  const add = t('canvas.add-on-path', { path: label ?? '' })
  return (
    <div
      role="treeitem"
      aria-level={row.level + 1}
      aria-selected={false}
      tabIndex={-1}
      className={css.path}
      style={{ paddingLeft: indent(row.level) }}
    >
      <Stems level={row.level} />
      <span className={css.pill}>
        {label} {people !== null && <b>{formats.count(people)}</b>}
      </span>
      {!readOnly && (
        <button
          type="button"
          className={css.add}
          aria-label={add}
          title={add}
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
