import { PasswordInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SetUpForm } from './answers.ts'

export function YouStep({ form }: { form: SetUpForm }) {
  const { t } = useTranslation('app')
  return (
    <>
      <TextInput size="md" label={t('setUp.you.name')} autoComplete="name" {...form.getInputProps('name')} />
      <TextInput
        size="md"
        type="email"
        label={t('setUp.you.email')}
        autoComplete="username"
        {...form.getInputProps('email')}
      />
      <PasswordInput
        size="md"
        label={t('setUp.you.password')}
        description={t('setUp.you.passwordHint')}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        {...form.getInputProps('password')}
      />
    </>
  )
}
