/** What the set-up asks, and what each question needs before the next one. */
import type { UseFormReturnType } from '@mantine/form'
import type { SetupBody } from '../../../shared/api/session.ts'
import { type AccountValues, EMPTY_ACCOUNT } from '../../app/account-values.ts'

export const STEPS = ['you', 'workspace', 'sender', 'destination'] as const
export type Step = (typeof STEPS)[number]

export type SetUpAnswers = Omit<SetupBody, 'account'> & { account: AccountValues }
export type SetUpForm = UseFormReturnType<SetUpAnswers>

export const EMPTY_ANSWERS: SetUpAnswers = {
  name: '',
  email: '',
  password: '',
  workspace: '',
  locale: 'en',
  timezone: 'UTC',
  senderName: '',
  senderEmail: '',
  postalAddress: '',
  account: EMPTY_ACCOUNT,
}

const SHORTEST_PASSWORD = 10

/** The sentences that stand at the fields of this step; empty when one may go on. */
export function problemsOfStep(step: Step, values: SetUpAnswers, t: (key: string) => string): Record<string, string> {
  const problems: Record<string, string> = {}
  const need = (isGood: boolean, field: string, key: string): void => {
    if (!isGood) problems[field] = t(key)
  }
  if (step === 'you') {
    need(values.name.trim() !== '', 'name', 'setUp.you.nameMissing')
    need(values.email.includes('@'), 'email', 'setUp.you.emailBad')
    need(values.password.length >= SHORTEST_PASSWORD, 'password', 'setUp.you.passwordShort')
  }
  if (step === 'workspace') need(values.workspace.trim() !== '', 'workspace', 'setUp.workspace.nameMissing')
  if (step === 'sender')
    need(values.senderEmail === '' || values.senderEmail.includes('@'), 'senderEmail', 'setUp.sender.emailBad')
  if (step === 'destination' && values.account.kind === 'smtp')
    need(values.account.host.trim() !== '', 'account', 'account.hostMissing')
  return problems
}

export const setUpBody = ({ account: _asked, ...values }: SetUpAnswers): SetupBody => ({
  ...values,
  name: values.name.trim(),
  email: values.email.trim(),
  workspace: values.workspace.trim(),
  senderEmail: values.senderEmail.trim(),
  account: null,
})
