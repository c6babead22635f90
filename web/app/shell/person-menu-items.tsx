import { Menu, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Check, LogOut, Monitor, Moon, Sun, User } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { saveProfile, sessionKey, signOut, useSessionChange } from '../../api/session.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '../language.ts'
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
  return (
    <>
      <LanguageItems />
      <Menu.Divider />
      <Menu.Label>{t('person.appearance')}</Menu.Label>
      {SCHEMES.map(([scheme, Icon]) => (
        <Menu.Item
          key={scheme}
          role="menuitemradio"
          aria-checked={scheme === colorScheme}
          leftSection={<Icon size={15} aria-hidden="true" />}
          rightSection={scheme === colorScheme ? <Check size={15} aria-hidden="true" /> : null}
          onClick={() => setColorScheme(scheme)}
        >
          {t(`person.scheme.${scheme}`)}
        </Menu.Item>
      ))}
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
  return (
    <>
      <Menu.Label>{t('person.language')}</Menu.Label>
      {LANGUAGES.map((language) => (
        <Menu.Item
          key={language}
          lang={language}
          role="menuitemradio"
          aria-checked={language === spoken}
          rightSection={language === spoken ? <Check size={15} aria-hidden="true" /> : null}
          onClick={() => {
            choose(language)
            save.mutate({ locale: language }, { onError: (error) => toast.failed(t('person.notSaved'), error) })
          }}
        >
          {LANGUAGE_NAMES[language]}
        </Menu.Item>
      ))}
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
