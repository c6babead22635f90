import { Button, Checkbox, CopyButton, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { SCOPES } from '../../../shared/api/settings.ts'
import { type ApiKeyBody, createKey, keysKey, useSettingsChange } from '../../api/settings.ts'
import { FormProblem } from '../../app/form-problem.tsx'
import cards from '../../ui/card.module.css'
import { Note } from '../../ui/note.tsx'
import styles from './settings.module.css'

/** Name it, choose what it may do, see it once. */
export function NewKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app')
  const create = useSettingsChange(createKey, keysKey)
  const form = useForm<ApiKeyBody>({
    initialValues: { name: '', scopes: [] },
    validate: {
      name: (value) => (value.trim() === '' ? t('keys.nameMissing') : null),
      scopes: (value) => (value.length === 0 ? t('keys.scopesMissing') : null),
    },
  })
  const close = (): void => {
    onClose()
    form.reset()
    create.reset()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('keys.newTitle')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('dialog.close') }}
    >
      {create.data !== undefined ? (
        <ShownOnce value={create.data.key} onClose={close} />
      ) : (
        <form className={styles.form} onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
          <TextInput
            data-autofocus
            label={t('keys.name')}
            description={t('keys.nameHint')}
            {...form.getInputProps('name')}
          />
          <Checkbox.Group label={t('keys.scopes')} {...form.getInputProps('scopes')}>
            <div className={styles.scopes}>
              {SCOPES.map((scope) => (
                <Checkbox key={scope} value={scope} label={<span className="mono">{scope}</span>} />
              ))}
            </div>
          </Checkbox.Group>
          {create.error !== null && <FormProblem error={create.error} what={t('keys.notCreated')} />}
          <div className={cards.foot}>
            <Button onClick={close}>{t('dialog.cancel')}</Button>
            <Button type="submit" variant="filled" loading={create.isPending}>
              {t('keys.create')}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}

function ShownOnce({ value, onClose }: { value: string; onClose: () => void }) {
  const { t } = useTranslation('app')
  return (
    <>
      <Note tone="good" isLive>
        <p>{t('keys.shownOnce')}</p>
        <div className={styles.newKey}>
          <code className={`mono ${styles.key}`}>{value}</code>
          <CopyButton value={value}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                onClick={copy}
                leftSection={copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
              >
                {copied ? t('keys.copied') : t('keys.copy')}
              </Button>
            )}
          </CopyButton>
        </div>
      </Note>
      <div className={cards.foot}>
        <Button onClick={onClose}>{t('keys.kept')}</Button>
      </div>
    </>
  )
}
