import { Button, Menu } from '@mantine/core'
import { ChevronDown, Globe } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from './language.ts'
import { useLanguageChoice } from './use-language.ts'

/** Each language by its own name, for the pages before somebody signs in. */
export function LanguagePicker({ onChoose }: { onChoose?: (language: Language) => void }) {
  const { t } = useTranslation('app')
  const { language: spoken, choose } = useLanguageChoice()
  const pick = (value: string): void => {
    if (!isLanguage(value)) return
    choose(value)
    onChoose?.(value)
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          leftSection={<Globe size={15} aria-hidden="true" />}
          rightSection={<ChevronDown size={15} aria-hidden="true" />}
          aria-label={t('person.languageNow', { language: LANGUAGE_NAMES[spoken] })}
        >
          <span lang={spoken}>{LANGUAGE_NAMES[spoken]}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={spoken} onChange={pick}>
          {LANGUAGES.map((language) => (
            <Menu.RadioItem key={language} value={language} lang={language} closeMenuOnClick>
              {LANGUAGE_NAMES[language]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
