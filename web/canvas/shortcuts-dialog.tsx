import { Kbd, Modal } from '@mantine/core'
import type { BuilderText } from '../editor/text.ts'
import { useReturnFocus } from '../editor/use-return-focus.ts'
import { SHORTCUTS } from './keys.ts'
import css from './shortcuts-dialog.module.css'

export function ShortcutsDialog({ text, onClose }: { text: BuilderText; onClose(): void }) {
  useReturnFocus()
  return (
    <Modal opened onClose={onClose} title={text.t('keys.title')} closeButtonProps={{ 'aria-label': text.t('close') }}>
      <p className={css.say}>{text.t('keys.say')}</p>
      <dl className={css.list}>
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={does} className={css.row}>
            <dt>{text.t(`keys.${does}`)}</dt>
            <dd className={css.caps}>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
