import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { workspace as workspaceSchema } from '../../../shared/api/session.ts'
import { saveWorkspace, useSession, useSessionChange } from '../../api/session.ts'
import { FormProblem } from '../../app/form-problem.tsx'
import { isLanguage, LANGUAGE_NAMES, LANGUAGES } from '../../app/language.ts'
import { Page } from '../../app/page.tsx'
import { useToast } from '../../app/toast.tsx'
import { ZoneSelect } from '../../app/zone-select.tsx'
import cards from '../../ui/card.module.css'
import { Card } from '../../ui/card.tsx'
import styles from './settings.module.css'

type Workspace = z.infer<typeof workspaceSchema>

export function WorkspaceSettings() {
  const { data: session } = useSession()
  const workspace = session?.workspace ?? null
  return workspace === null ? null : <WorkspaceForm workspace={workspace} />
}

function WorkspaceForm({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation('app')
  const toast = useToast()
  const save = useSessionChange(saveWorkspace)
  const form = useForm<Workspace>({
    initialValues: workspace,
    validate: {
      name: (value) => (value.trim() === '' ? t('setUp.workspace.nameMissing') : null),
      senderEmail: (value) => (value === '' || value.includes('@') ? null : t('setUp.sender.emailBad')),
    },
  })
  const submit = (values: Workspace): void =>
    save.mutate(values, {
      onSuccess: () => {
        form.resetDirty(values)
        toast.done(t('settings.saved'))
      },
    })
  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Page
        title={t('settings.workspace')}
        actions={
          <Button type="submit" variant="filled" loading={save.isPending} disabled={!form.isDirty()}>
            {t('dialog.save')}
          </Button>
        }
      >
        <div className={styles.narrow}>
          {save.error !== null && <FormProblem error={save.error} what={t('settings.notSaved')} />}
          <Card title={t('settings.general')}>
            <div className={cards.fields}>
              <TextInput label={t('setUp.workspace.name')} {...form.getInputProps('name')} />
              <NativeSelect
                label={t('setUp.workspace.language')}
                value={form.values.locale}
                onChange={({ currentTarget: { value } }) => {
                  if (isLanguage(value)) form.setFieldValue('locale', value)
                }}
                data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
              />
              <ZoneSelect
                label={t('setUp.workspace.timezone')}
                value={form.values.timezone}
                onChange={(zone) => form.setFieldValue('timezone', zone)}
              />
            </div>
          </Card>
          <Card title={t('settings.sender')}>
            <div className={styles.form}>
              <div className={cards.fields}>
                <TextInput label={t('sender.name')} {...form.getInputProps('senderName')} />
                <TextInput
                  type="email"
                  label={t('sender.email')}
                  description={t('sender.emailHint')}
                  {...form.getInputProps('senderEmail')}
                />
              </div>
              <Textarea
                label={t('sender.postalAddress')}
                description={t('sender.postalAddressHint')}
                autosize
                minRows={2}
                {...form.getInputProps('postalAddress')}
              />
            </div>
          </Card>
        </div>
      </Page>
    </form>
  )
}
