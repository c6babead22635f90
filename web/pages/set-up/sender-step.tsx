import { Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SetUpForm } from './answers.ts'

export function SenderStep({ form }: { form: SetUpForm }) {
  const { t } = useTranslation('app')
  return (
    <>
      <TextInput
        size="md"
        label={t('sender.name')}
        placeholder={form.values.name}
        {...form.getInputProps('senderName')}
      />
      <TextInput
        size="md"
        type="email"
        label={t('sender.email')}
        description={t('sender.emailHint')}
        {...form.getInputProps('senderEmail')}
      />
      <Textarea
        size="md"
        label={t('sender.postalAddress')}
        description={t('sender.postalAddressHint')}
        autosize
        minRows={2}
        {...form.getInputProps('postalAddress')}
      />
    </>
  )
}
