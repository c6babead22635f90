import { type KeyboardEvent, type RefObject, useMemo, useRef } from 'react'
import { type OutlineRow, outlineOf } from '../../shared/workflow/outline.ts'
import { useEditor, useEditorStore } from '../editor/context.tsx'
import { triggerNode } from '../editor/slice.ts'
import css from './outline.module.css'
import { JoinRow, NodeRow, type OutlineProps } from './outline-rows.tsx'
import { stripsOf } from './to-flow.ts'

/** The workflow as a tree to read from top to bottom; the second drawing of the same document. */
export function Outline(props: OutlineProps) {
  const { text, stats } = props
  const document = useEditor((s) => s.document)
  const problems = useEditor((s) => s.problems)
  const selection = useEditor((s) => s.selection)
  const tree = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => outlineOf(document), [document])
  const strips = useMemo(() => stripsOf(problems, document, text), [problems, document, text])
  const first = rows.map(nodeOfRow).find((id) => id !== null)
  const current = selection.at(-1) ?? first
  const move = useTreeKeys(tree, props)
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

/** Arrows walk the rows, Enter opens, A adds after, Delete removes. */
function useTreeKeys(tree: RefObject<HTMLDivElement | null>, { readOnly, onOpen, onAdd, onRemove }: OutlineProps) {
  const store = useEditorStore()
  return (event: KeyboardEvent) => {
    const items = [...(tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"][data-row]') ?? [])]
    const at = items.indexOf(window.document.activeElement as HTMLElement)
    const id = items[at]?.dataset.row
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      const next = items[Math.max(0, Math.min(items.length - 1, to))]
      next?.focus()
      if (next?.dataset.row !== undefined) store.getState().select([next.dataset.row])
      return
    }
    if (id === undefined) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onOpen(id)
    } else if (event.key.toLowerCase() === 'a' && !readOnly && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      const box = items[at]?.getBoundingClientRect()
      onAdd({ from: id, port: null }, { x: (box?.left ?? 0) + 60, y: box?.bottom ?? 0 })
    } else if (event.key === 'Delete' && !readOnly) {
      event.preventDefault()
      onRemove(id)
    }
  }
}

const nodeOfRow = (row: OutlineRow): string | null =>
  row.kind === 'trigger' ? triggerNode(row.id) : row.kind === 'step' ? row.id : null
