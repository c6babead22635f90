import { Button, Menu } from '@mantine/core'
import { Check, ChevronDown, Globe } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { LANGUAGE_NAMES, LANGUAGES, type Language } from './language.ts'
import { useLanguageChoice } from './use-language.ts'

/** Each language by its own name, for the pages before somebody signs in. */
export function LanguagePicker({ onChoose }: { onChoose?: (language: Language) => void }) {
  const { t } = useTranslation('app')
  const { language: spoken, choose } = useLanguageChoice()
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
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            role="menuitemradio"
            aria-checked={language === spoken}
            rightSection={language === spoken ? <Check size={15} aria-hidden="true" /> : null}
            onClick={() => {
              choose(language)
              onChoose?.(language)
            }}
          >
            {LANGUAGE_NAMES[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
