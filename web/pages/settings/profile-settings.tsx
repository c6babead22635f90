import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { SessionState } from '../../../shared/api/session.ts'
import { saveProfile, useSession, useSessionChange } from '../../api/session.ts'
import { FormProblem } from '../../app/form-problem.tsx'
import { LANGUAGE_NAMES, LANGUAGES } from '../../app/language.ts'
import { Page } from '../../app/page.tsx'
import { useToast } from '../../app/toast.tsx'
import { useLanguageChoice } from '../../app/use-language.ts'
import cards from '../../ui/card.module.css'
import { Card } from '../../ui/card.tsx'
import styles from './settings.module.css'

type User = NonNullable<SessionState['user']>

export function ProfileSettings() {
  const { t } = useTranslation('app')
  const { data: session } = useSession()
  const user = session?.user ?? null
  if (user === null) return null
  return (
    <Page title={t('settings.profile')} lead={user.email}>
      <div className={styles.narrow}>
        <ProfileForm user={user} />
        <PasswordForm />
      </div>
    </Page>
  )
}

function ProfileForm({ user }: { user: User }) {
  const { t } = useTranslation('app')
  const toast = useToast()
  const { choose } = useLanguageChoice()
  const save = useSessionChange(saveProfile)
  const form = useForm({
    initialValues: { name: user.name, locale: user.locale },
    validate: { name: (value) => (value.trim() === '' ? t('setUp.you.nameMissing') : null) },
  })
  const submit = (values: Pick<User, 'name' | 'locale'>): void =>
    save.mutate(values, {
      onSuccess: () => {
        choose(values.locale)
        toast.done(t('settings.saved'))
      },
    })
  return (
    <Card title={t('profile.you')}>
      <form className={styles.form} onSubmit={form.onSubmit(submit)} noValidate>
        <div className={cards.fields}>
          <TextInput label={t('setUp.you.name')} autoComplete="name" {...form.getInputProps('name')} />
          <NativeSelect
            label={t('person.language')}
            value={form.values.locale}
            onChange={({ currentTarget: { value } }) => {
              const chosen = LANGUAGES.find((language) => language === value)
              if (chosen !== undefined) form.setFieldValue('locale', chosen)
            }}
            data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          />
        </div>
        {save.error !== null && <FormProblem error={save.error} what={t('settings.notSaved')} />}
        <div className={cards.foot}>
          <Button type="submit" variant="filled" loading={save.isPending} disabled={!form.isDirty()}>
            {t('dialog.save')}
          </Button>
        </div>
      </form>
    </Card>
  )
}

const SHORTEST_PASSWORD = 10

function PasswordForm() {
  const { t } = useTranslation('app')
  const toast = useToast()
  const save = useSessionChange(saveProfile)
  const form = useForm({
    initialValues: { current: '', next: '' },
    validate: { next: (value) => (value.length < SHORTEST_PASSWORD ? t('setUp.you.passwordShort') : null) },
  })
  const submit = (password: { current: string; next: string }): void =>
    save.mutate(
      { password },
      {
        onSuccess: () => {
          form.reset()
          toast.done(t('profile.passwordSaved'))
        },
      },
    )
  const toggle = { 'aria-label': t('password.show') }
  return (
    <Card title={t('profile.password')}>
      <form className={styles.form} onSubmit={form.onSubmit(submit)} noValidate>
        <div className={cards.fields}>
          <PasswordInput
            label={t('profile.current')}
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label={t('profile.next')}
            description={t('setUp.you.passwordHint')}
            autoComplete="new-password"
            visibilityToggleButtonProps={toggle}
            {...form.getInputProps('next')}
          />
        </div>
        {save.error !== null && <FormProblem error={save.error} what={t('profile.passwordNotSaved')} />}
        <div className={cards.foot}>
          <Button type="submit" loading={save.isPending} disabled={form.values.next === ''}>
            {t('profile.changePassword')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
