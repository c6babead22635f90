import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { html } from '@codemirror/lang-html'
import { bracketMatching, defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import css from './email-editor.module.css'

export type CodeHandle = { insert(text: string): void; goToLine(line: number): void }
type Props = { value: string; label: string; onChange(value: string): void; onFocus(): void; ref: Ref<CodeHandle> }

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12.5px', backgroundColor: 'var(--p-raised)', color: 'var(--p-ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
  '.cm-gutters': { backgroundColor: 'var(--p-surface)', color: 'var(--p-ink3)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--p-leaf) 8%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--p-ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--p-leaf-wash2)' },
})
/** The default style tells the same tags apart, but its colours miss their contrast in the dark: ours take their place. */
const OURS: Readonly<Record<string, string>> = {
  '#085': 'var(--p-family-message)',
  '#a11': 'var(--p-family-action)',
  '#219': 'var(--p-family-logic)',
  '#940': 'var(--p-ink3)',
  '#f00': 'var(--p-madder)',
}
const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) => ({ tag: spec.tag, color: OURS[String(spec.color)] ?? 'var(--p-ink)' })),
)

/** MJML as text. Keeps its own undo while it has the focus; every change also goes to the document. */
export function MjmlCode({ value, label, onChange, onFocus, ref }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef({ onChange, onFocus })
  latest.current = { onChange, onFocus }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; later values go through the effect below
  useEffect(() => {
    if (host.current === null) return
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          highlightActiveLine(),
          html({ matchClosingTags: true, autoCloseTags: true }),
          syntaxHighlighting(colours),
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.lineWrapping,
          look,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
            if (update.focusChanged && update.view.hasFocus) latest.current.onFocus()
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [])

  useEffect(() => {
    const now = view.current
    if (now !== null && now.state.doc.toString() !== value)
      now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } })
  }, [value])

  useImperativeHandle(ref, () => ({
    insert(text: string) {
      const now = view.current
      if (now === null) return
      now.dispatch(now.state.replaceSelection(text))
      now.focus()
    },
    goToLine(line: number) {
      const now = view.current
      if (now === null) return
      const at = now.state.doc.line(Math.max(1, Math.min(line, now.state.doc.lines)))
      now.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: 'center' }) })
      now.focus()
    },
  }))
  return <div ref={host} className={css.code} />
}
