import { NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { asSecurity, isLoopback } from '../../shared/message/smtp-url.ts'
import { Note } from '../ui/note.tsx'
import styles from './account-fields.module.css'
import { type AccountValues, USUAL_PORT } from './account-values.ts'

type Props = {
  account: AccountValues
  onChange: (account: AccountValues) => void
  hostProblem?: string | null
  isReadOnly?: boolean
}

/** Server, port, encryption, user, password. */
export function AccountFields({ account, onChange, hostProblem = null, isReadOnly = false }: Props) {
  const { t } = useTranslation('app')
  const set = (change: Partial<AccountValues>): void => onChange({ ...account, ...change })
  const chooseSecurity = (value: string): void => {
    const security = asSecurity(value)
    set({ security, port: USUAL_PORT[security] })
  }
  return (
    <div className={styles.fields}>
      <TextInput
        className={styles.host ?? ''}
        label={t('account.host')}
        placeholder="smtp.example.com"
        autoComplete="off"
        disabled={isReadOnly}
        error={hostProblem}
        value={account.host}
        onChange={({ currentTarget: { value } }) => set({ host: value })}
      />
      <NumberInput
        label={t('account.port')}
        min={1}
        max={65_535}
        allowDecimal={false}
        hideControls
        disabled={isReadOnly}
        value={account.port}
        onChange={(port) => set({ port })}
      />
      <NativeSelect
        className={styles.security ?? ''}
        label={t('account.security')}
        disabled={isReadOnly}
        value={account.security}
        onChange={({ currentTarget: { value } }) => chooseSecurity(value)}
        description={account.security === 'opportunistic' ? t('sending:security.opportunisticHint') : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={(['starttls', 'tls', 'opportunistic', 'none'] as const).map((value) => ({
          value,
          label:
            value === 'starttls' || value === 'tls' ? t(`account.securities.${value}`) : t(`sending:security.${value}`),
        }))}
      />
      <TextInput
        className={styles.half ?? ''}
        label={t('account.username')}
        autoComplete="off"
        disabled={isReadOnly}
        value={account.username}
        onChange={({ currentTarget: { value } }) => set({ username: value })}
      />
      <PasswordInput
        className={styles.half ?? ''}
        label={t('account.password')}
        autoComplete="new-password"
        disabled={isReadOnly}
        placeholder={account.isPasswordNew ? '' : t('account.passwordKept')}
        visibilityToggleButtonProps={{ 'aria-label': t('password.show') }}
        value={account.password}
        onChange={({ currentTarget: { value } }) => set({ password: value, isPasswordNew: true })}
      />
      {account.security === 'none' && account.host.trim() !== '' && !isLoopback(account.host) && (
        <div className={styles.wide}>
          <Note tone="warning" isLive>
            <p>{t('sending:security.plainWarning')}</p>
          </Note>
        </div>
      )}
    </div>
  )
}
