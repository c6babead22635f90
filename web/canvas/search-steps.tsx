import { Modal, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useEditorStore } from '../editor/context.tsx'
import { triggerNode } from '../editor/slice.ts'
import type { BuilderText } from '../editor/text.ts'
import { nameOfNode } from '../editor/use-edits.ts'
import { useReturnFocus } from '../editor/use-return-focus.ts'
import css from './search-steps.module.css'

const SHOWN = 12
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Find a step by its name. */
export function SearchSteps({
  text,
  onClose,
  onPick,
}: {
  text: BuilderText
  onClose(): void
  onPick(id: string): void
}) {
  useReturnFocus()
  const store = useEditorStore()
  const [words, setWords] = useState('')
  const { document } = store.getState()
  const ids = [...document.triggers.map((t) => triggerNode(t.id)), ...document.steps.map((s) => s.id)]
  const found = ids
    .map((id) => ({ id, name: nameOfNode(document, id, text) }))
    .filter(({ name }) => fold(name).includes(fold(words)))
    .slice(0, SHOWN)
  const pick = (id: string) => {
    store.getState().select([id])
    onClose()
    onPick(id)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.t('find.title')}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': text.t('close') }}
    >
      <TextInput
        data-autofocus
        aria-label={text.t('find.label')}
        placeholder={text.t('find.placeholder')}
        leftSection={<Search size={15} aria-hidden />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found[0] !== undefined) pick(found[0].id)
        }}
      />
      <ul className={css.list}>
        {found.map(({ id, name }) => (
          <li key={id}>
            <button type="button" className={css.item} onClick={() => pick(id)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={css.none}>{text.t('find.none', { words })}</p>}
    </Modal>
  )
}
