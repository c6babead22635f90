import { Menu, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { LogOut, Monitor, Moon, Sun, User } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { saveProfile, sessionKey, signOut, useSessionChange } from '../../api/session.ts'
import { isLanguage, LANGUAGE_NAMES, LANGUAGES } from '../language.ts'
import { useToast } from '../toast.tsx'
import { useLanguageChoice } from '../use-language.ts'

const SCHEMES = [
  ['light', Sun],
  ['dark', Moon],
  ['auto', Monitor],
] as const

export function PersonMenuItems() {
  const { t } = useTranslation('app')
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const choose = (value: string): void => setColorScheme(SCHEMES.find(([scheme]) => scheme === value)?.[0] ?? 'auto')
  return (
    <>
      <LanguageItems />
      <Menu.Divider />
      <Menu.Label>{t('person.appearance')}</Menu.Label>
      <Menu.RadioGroup value={colorScheme} onChange={choose}>
        {SCHEMES.map(([scheme, Icon]) => (
          <Menu.RadioItem
            key={scheme}
            value={scheme}
            closeMenuOnClick
            rightSection={<Icon size={15} aria-hidden="true" />}
          >
            {t(`person.scheme.${scheme}`)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Divider />
      <Menu.Item component={Link} to="/settings/profile" leftSection={<User size={15} aria-hidden="true" />}>
        {t('person.profile')}
      </Menu.Item>
      <SignOutItem />
    </>
  )
}

function LanguageItems() {
  const { t } = useTranslation('app')
  const { language: spoken, choose } = useLanguageChoice()
  const save = useSessionChange(saveProfile)
  const toast = useToast()
  const pick = (value: string): void => {
    if (!isLanguage(value)) return
    choose(value)
    save.mutate({ locale: value }, { onError: (error) => toast.failed(t('person.notSaved'), error) })
  }
  return (
    <>
      <Menu.Label>{t('person.language')}</Menu.Label>
      <Menu.RadioGroup value={spoken} onChange={pick}>
        {LANGUAGES.map((language) => (
          <Menu.RadioItem key={language} value={language} lang={language} closeMenuOnClick>
            {LANGUAGE_NAMES[language]}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  )
}

function SignOutItem() {
  const { t } = useTranslation('app')
  const client = useQueryClient()
  const toast = useToast()
  const leave = async (): Promise<void> => {
    try {
      await signOut()
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] })
      await client.invalidateQueries({ queryKey: sessionKey })
    } catch (error) {
      toast.failed(t('person.notSignedOut'), error instanceof Error ? error : new Error(String(error)))
    }
  }
  return (
    <Menu.Item leftSection={<LogOut size={15} aria-hidden="true" />} onClick={() => void leave()}>
      {t('person.signOut')}
    </Menu.Item>
  )
}
