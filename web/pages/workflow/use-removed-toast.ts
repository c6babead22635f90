import { useEffect } from 'react'
import { useToast } from '../../app/toast.tsx'
import { useEditorStore } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'

/** Whatever is removed can be brought back at once, where the eye is. */
export function useRemovedToast({ t }: BuilderText): void {
  const store = useEditorStore()
  const toast = useToast()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `toast` is made anew with each drawing and says the same
  useEffect(
    () =>
      store.subscribe((now, before) => {
        const last = now.history.past.at(-1)
        if (last === undefined || now.history.past.length <= before.history.past.length) return
        if (!last.name.key.startsWith('remove') || last.name.key === 'remove-path') return
        if (before.history.future.at(-1)?.name === last.name) return // redone
        toast.undoable(t(`say.${last.name.key}`, last.name.params), () => {
          if (store.getState().history.past.at(-1) === last) store.getState().undo()
        })
      }),
    [store, t],
  )
}
