import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { saveProfile, saveWorkspace, sessionKey, setUp } from '../../api/session.ts'
import { saveAccount } from '../../api/settings.ts'
import { accountBodyOf } from '../../app/account-values.ts'
import { type SetUpAnswers, STEPS, setUpBody } from './answers.ts'

const SENDER = STEPS.indexOf('sender')

/**
 * The way through the set-up. The installation is made after the third question, so that the fourth can test the server
 * as its owner; going back from there changes the workspace. Leaving in the middle of the fourth keeps the built-in inbox.
 */
export function useSetUp() {
  const client = useQueryClient()
  const [at, setAt] = useState(0)
  const [isMade, setIsMade] = useState(false)
  const [savedLocale, setSavedLocale] = useState<SetUpAnswers['locale'] | null>(null)
  const goOn = useMutation({
    mutationFn: async (answers: SetUpAnswers): Promise<'next' | 'done'> => {
      if (at < SENDER) return 'next'
      if (at === SENDER) {
        if (!isMade) await setUp(setUpBody(answers))
        else await saveLanguageToo(answers)
        setIsMade(true)
        setSavedLocale(answers.locale)
        return 'next'
      }
      // The language can be picked on every question, also on the last.
      if (answers.locale !== savedLocale) await saveLanguageToo(answers)
      if (answers.account.kind === 'smtp') await saveAccount(null, accountBodyOf(answers.account))
      return 'done'
    },
    onSuccess: async (outcome) => {
      if (outcome === 'next') setAt(at + 1)
      else await client.invalidateQueries({ queryKey: sessionKey })
    },
  })
  // Once the account exists its name and password change in the profile, not here.
  const firstReachable = isMade ? 1 : 0
  return {
    step: STEPS[at] ?? 'you',
    at,
    isLast: at === STEPS.length - 1,
    goOn: goOn.mutate,
    error: goOn.error,
    isBusy: goOn.isPending,
    back: at > firstReachable ? () => setAt(at - 1) : null,
  }
}

async function saveLanguageToo(answers: SetUpAnswers): Promise<void> {
  await saveWorkspace(workspaceOf(answers))
  await saveProfile({ locale: answers.locale })
}

const workspaceOf = (answers: SetUpAnswers) => {
  const { workspace: name, timezone, locale, senderName, senderEmail, postalAddress } = setUpBody(answers)
  return { name, timezone, locale, senderName, senderEmail, postalAddress }
}
