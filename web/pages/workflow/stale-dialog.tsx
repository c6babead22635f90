import { Button, Group, Modal } from '@mantine/core'
import { diffDocuments } from '../../../shared/workflow/diff.ts'
import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import { useEditor, useEditorStore } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import { nameOfNode } from '../../editor/use-edits.ts'
import css from './dialogs.module.css'

/** Somebody saved in between. Both versions in sight; whichever is chosen, the other stays one undo away. */
export function StaleDialog({ text }: { text: BuilderText }) {
  const store = useEditorStore()
  const status = useEditor((s) => s.status)
  const mine = useEditor((s) => s.document)
  const theirs = status.kind === 'stale' ? status.theirs : null
  const { t } = text
  if (theirs === null) return null
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size="lg"
      title={t('stale.title')}
    >
      <p className={css.say}>{t('stale.say')}</p>
      <h3 className={css.h}>{t('stale.difference')}</h3>
      <Changes before={theirs.document} after={mine} text={text} />
      <Group justify="flex-end" mt="lg">
        <Button onClick={() => store.getState().takeTheirs()}>{t('stale.theirs')}</Button>
        <Button variant="filled" data-autofocus onClick={() => store.getState().keepMine()}>
          {t('stale.mine')}
        </Button>
      </Group>
    </Modal>
  )
}

function Changes({ before, after, text }: { before: WorkflowDocument; after: WorkflowDocument; text: BuilderText }) {
  const changes = diffDocuments(before, after)
  if (changes.length === 0) return <p className={css.say}>{text.t('stale.only-look')}</p>
  return (
    <ul className={css.changes}>
      {changes.map((change) => (
        <li key={`${change.change}${change.stepId}`} data-change={change.change}>
          <b>{nameOfNode(change.change === 'removed' ? before : after, change.stepId, text)}</b>{' '}
          {text.t(`stale.${change.change}`)}
        </li>
      ))}
    </ul>
  )
}
