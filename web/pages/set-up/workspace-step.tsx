import { NativeSelect, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isLanguage, LANGUAGE_NAMES, LANGUAGES } from '../../app/language.ts'
import { useLanguageChoice } from '../../app/use-language.ts'
import { ZoneSelect } from '../../app/zone-select.tsx'
import type { SetUpForm } from './answers.ts'

export function WorkspaceStep({ form }: { form: SetUpForm }) {
  const { t } = useTranslation('app')
  const { choose } = useLanguageChoice()
  return (
    <>
      <TextInput
        size="md"
        label={t('setUp.workspace.name')}
        description={t('setUp.workspace.nameHint')}
        autoComplete="organization"
        {...form.getInputProps('workspace')}
      />
      <NativeSelect
        size="md"
        label={t('setUp.workspace.language')}
        value={form.values.locale}
        onChange={({ currentTarget: { value } }) => {
          if (!isLanguage(value)) return
          form.setFieldValue('locale', value)
          choose(value)
        }}
        data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <ZoneSelect
        size="md"
        label={t('setUp.workspace.timezone')}
        value={form.values.timezone}
        onChange={(zone) => form.setFieldValue('timezone', zone)}
      />
    </>
  )
}
