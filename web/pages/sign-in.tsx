import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/errors.ts'
import { type SignInBody, signIn, useSession, useSessionChange } from '../api/session.ts'
import { FormProblem } from '../app/form-problem.tsx'
import { Front } from '../app/front.tsx'
import { usePageTitle } from '../app/page.tsx'
import { useFormat } from '../app/use-format.ts'
import { Note } from '../ui/note.tsx'
import styles from './sign-in.module.css'

export function SignIn() {
  const { t } = useTranslation('app')
  const { data: session } = useSession()
  const enter = useSessionChange(signIn)
  const form = useForm<SignInBody>({ initialValues: { email: '', password: '' } })
  usePageTitle(t('signIn.title'))
  return (
    <Front>
      <h1 className={styles.title}>{t('signIn.title')}</h1>
      {session?.workspace && <p className={styles.lead}>{t('signIn.lead', { workspace: session.workspace.name })}</p>}
      <form onSubmit={form.onSubmit((values) => enter.mutate(values))}>
        <Stack gap="md">
          <TextInput
            size="md"
            type="email"
            label={t('signIn.email')}
            autoComplete="username"
            required
            {...form.getInputProps('email')}
          />
          <PasswordInput
            size="md"
            label={t('signIn.password')}
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
            {...form.getInputProps('password')}
          />
          {enter.error !== null && <Refused error={enter.error} />}
          <Button type="submit" size="md" variant="filled" loading={enter.isPending}>
            {t('signIn.action')}
          </Button>
        </Stack>
      </form>
    </Front>
  )
}

function Refused({ error }: { error: Error }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  if (error instanceof ApiError && error.status === 401)
    return (
      <Note tone="problem" isLive>
        <p>{t('signIn.wrong')}</p>
      </Note>
    )
  if (error instanceof ApiError && error.status === 429)
    return (
      <Note tone="warning" isLive>
        <p>{t('signIn.tooOften', { duration: format.duration((error.retryAfterSeconds ?? 60) * 1_000) })}</p>
      </Note>
    )
  return <FormProblem error={error} what={t('signIn.failed')} />
}
