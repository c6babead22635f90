import { ActionIcon, Tooltip } from '@mantine/core'
import { Redo2, Undo2 } from 'lucide-react'
import { useEffect } from 'react'
import { useEditor, useEditorStore } from '../../editor/context.tsx'
import type { EditName } from '../../editor/history.ts'
import type { BuilderText } from '../../editor/text.ts'

export function UndoButtons({ text: { t } }: { text: BuilderText }) {
  const store = useEditorStore()
  const last = useEditor((s) => s.history.past.at(-1)?.name)
  const next = useEditor((s) => s.history.future.at(-1)?.name)
  useEffect(() => {
    const say = (key: 'say.undone' | 'say.redone', name: EditName | null) => {
      if (name !== null) store.getState().announce(t(key, { what: t(`edit.${name.key}`, name.params ?? {}) }))
    }
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const target = event.target as HTMLElement
      if (target.closest('input, textarea, [contenteditable="true"]') !== null) return // text fields undo their own typing
      const key = event.key.toLowerCase()
      if (key === 'z' && !event.shiftKey) say('say.undone', store.getState().undo())
      else if (key === 'y' || (key === 'z' && event.shiftKey)) say('say.redone', store.getState().redo())
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [store, t])
  const name = (key: string, edit: EditName | undefined) =>
    edit === undefined ? t(key) : t(`${key}-what`, { what: t(`edit.${edit.key}`, edit.params ?? {}) })
  return (
    <>
      <Tooltip label={name('undo', last)}>
        <ActionIcon
          aria-label={name('undo', last)}
          aria-disabled={last === undefined}
          style={last === undefined ? { opacity: 0.5 } : {}}
          onClick={() => store.getState().undo()}
        >
          <Undo2 size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={name('redo', next)}>
        <ActionIcon
          aria-label={name('redo', next)}
          aria-disabled={next === undefined}
          style={next === undefined ? { opacity: 0.5 } : {}}
          onClick={() => store.getState().redo()}
        >
          <Redo2 size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </>
  )
}
