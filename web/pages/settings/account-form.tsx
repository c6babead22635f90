import { Button, Radio } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SendingAccount } from '../../../shared/api/settings.ts'
import { accountsKey, saveAccount, useSettingsChange } from '../../api/settings.ts'
import { AccountFields } from '../../app/account-fields.tsx'
import { type AccountValues, accountBodyOf, accountValuesOf, EMPTY_ACCOUNT } from '../../app/account-values.ts'
import { ConnectionCheck } from '../../app/connection-check.tsx'
import { FormProblem } from '../../app/form-problem.tsx'
import { Page } from '../../app/page.tsx'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Note } from '../../ui/note.tsx'
import { NowCard } from './beside-account.tsx'
import { PaceCard } from './pace-card.tsx'
import { PausedNote } from './paused-note.tsx'
import { ServerState } from './server-state.tsx'
import styles from './settings.module.css'

type Props = {
  account: SendingAccount | null
  /** What stands before the form, beside it and after it. */
  notes: ReactNode
  beside: ReactNode
  below: ReactNode
}

export function AccountForm({ account, notes, beside, below }: Props) {
  const { t } = useTranslation('app')
  const toast = useToast()
  const [values, setValues] = useState<AccountValues>(account === null ? EMPTY_ACCOUNT : accountValuesOf(account))
  const [hostProblem, setHostProblem] = useState<string | null>(null)
  // Another kind is another account: it becomes the default, and what the old one knows stays with it.
  const savedId = account !== null && account.kind === values.kind ? account.id : null
  const save = useSettingsChange(async () => {
    await saveAccount(savedId, accountBodyOf(values))
    toast.done(t('settings.saved'))
  }, accountsKey)
  const isReadOnly = account?.fromEnvironment === true
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const isHostMissing = values.kind === 'smtp' && values.host.trim() === ''
    setHostProblem(isHostMissing ? t('account.hostMissing') : null)
    if (!isHostMissing) save.mutate(undefined)
  }
  return (
    <form onSubmit={submit} noValidate>
      <Page
        title={t('settings.sending')}
        actions={
          isReadOnly ? undefined : (
            <Button type="submit" variant="filled" loading={save.isPending}>
              {t('dialog.save')}
            </Button>
          )
        }
      >
        <div className={styles.before}>
          {notes}
          {account?.status === 'paused' && <PausedNote account={account} />}
          {save.error !== null && <FormProblem error={save.error} what={t('settings.notSaved')} />}
        </div>
        <div className={styles.sending}>
          <div className={styles.stack}>
            <Card title={t('sending.account')} aside={<AccountChip account={account} />}>
              <div className={styles.form}>
                {isReadOnly && (
                  <Note tone="info">
                    <p>{t('sending.fromEnvironment')}</p>
                  </Note>
                )}
                <KindChoice values={values} onChange={setValues} isReadOnly={isReadOnly} />
                {values.kind === 'smtp' ? (
                  <>
                    <AccountFields
                      account={values}
                      onChange={setValues}
                      hostProblem={hostProblem}
                      isReadOnly={isReadOnly}
                    />
                    <ConnectionCheck account={values} {...(savedId === null ? {} : { id: savedId })} />
                  </>
                ) : (
                  account?.kind === 'smtp' && (
                    <Note tone="info">
                      <p>{t('sending.inboxText')}</p>
                    </Note>
                  )
                )}
              </div>
            </Card>
            {values.kind === 'inbox' && account?.kind !== 'smtp' && <NowCard />}
            {account?.kind === 'smtp' && values.kind === 'smtp' && <ServerState account={account} />}
            {values.kind === 'smtp' && <PaceCard values={values} onChange={setValues} isReadOnly={isReadOnly} />}
          </div>
          <aside className={styles.stack}>{beside}</aside>
        </div>
        {below}
      </Page>
    </form>
  )
}

type ChoiceProps = { values: AccountValues; onChange: (values: AccountValues) => void; isReadOnly: boolean }

function KindChoice({ values, onChange, isReadOnly }: ChoiceProps) {
  const { t } = useTranslation('app')
  return (
    <Radio.Group
      label={t('sending.kind')}
      value={values.kind}
      onChange={(kind) => onChange({ ...values, kind: kind === 'smtp' ? 'smtp' : 'inbox' })}
    >
      <div className={styles.choices}>
        {(['inbox', 'smtp'] as const).map((kind) => (
          <Radio key={kind} value={kind} label={t(`setUp.destination.${kind}.name`)} disabled={isReadOnly} />
        ))}
      </div>
    </Radio.Group>
  )
}

function AccountChip({ account }: { account: SendingAccount | null }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  if (account === null) return <Chip tone="outline">{t('sending.notSaved')}</Chip>
  if (account.status === 'paused') return <Chip tone="paused">{t('sending.paused')}</Chip>
  if (account.trouble !== null) return <Chip tone="problem">{t('sending:chip.trouble')}</Chip>
  if (account.queued > 0)
    return (
      <Chip tone="live">{t('sending.queued', { count: account.queued, shown: format.count(account.queued) })}</Chip>
    )
  return <Chip tone="live">{t('sending.inUse')}</Chip>
}
