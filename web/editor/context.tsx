import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import type { Editor, EditorStore } from './slice.ts'

const EditorContext = createContext<EditorStore | null>(null)

export function EditorProvider({ store, children }: { store: EditorStore; children: ReactNode }) {
  return <EditorContext.Provider value={store}>{children}</EditorContext.Provider>
}

export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext)
  if (store === null) throw new Error('useEditor is used outside EditorProvider')
  return store
}

/** Select narrowly: the component draws again when what it selected changes. */
export function useEditor<T>(select: (state: Editor) => T): T {
  return useStore(useEditorStore(), select)
}
