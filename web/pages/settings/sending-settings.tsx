import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccounts, useStatus } from '../../api/settings.ts'
import { Page } from '../../app/page.tsx'
import { QueryFailure } from '../../app/query-failure.tsx'
import { Note } from '../../ui/note.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import { AccountForm } from './account-form.tsx'
import { BesideAccount } from './beside-account.tsx'
import styles from './settings.module.css'
import { UncertainMails } from './uncertain-mails.tsx'

/** Where mail goes, how fast, and whether the server there answers. */
export function SendingSettings() {
  const { t } = useTranslation('app')
  const accounts = useAccounts()
  const status = useStatus()
  if (accounts.data === undefined)
    return (
      <Page title={t('settings.sending')}>
        {accounts.isError ? (
          <QueryFailure of="settings" error={accounts.error} onRetry={() => accounts.refetch()} />
        ) : (
          <RowsSkeleton rows={5} label={t('state.loading')} slowLabel={t('state.slow')} />
        )}
      </Page>
    )
  const account = accounts.data.find(({ isDefault }) => isDefault) ?? accounts.data[0] ?? null
  const missing = status.data?.senderMissing ?? []
  return (
    <AccountForm
      key={account?.id ?? 'new'}
      account={account}
      notes={
        <div className={styles.narrow}>
          {missing.length > 0 && (
            <Note tone="warning">
              <p>
                {t('sending.senderMissing')} <Link to="/settings/workspace">{t('sending.senderMissingFix')}</Link>
              </p>
            </Note>
          )}
        </div>
      }
      beside={<BesideAccount />}
      below={<UncertainMails />}
    />
  )
}
