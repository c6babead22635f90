import { Radio } from '@mantine/core'
import { Inbox, Server } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { AccountFields } from '../../app/account-fields.tsx'
import { ConnectionCheck } from '../../app/connection-check.tsx'
import type { SetUpForm } from './answers.ts'
import styles from './set-up.module.css'

const CHOICES = [
  ['inbox', Inbox],
  ['smtp', Server],
] as const

export function DestinationStep({ form }: { form: SetUpForm }) {
  const { t } = useTranslation('app')
  const { account } = form.values
  const problem = form.errors.account
  return (
    <>
      <Radio.Group
        value={account.kind}
        onChange={(chosen) => form.setFieldValue('account', { ...account, kind: chosen === 'smtp' ? 'smtp' : 'inbox' })}
        aria-label={t('setUp.destination.title')}
      >
        <div className={styles.choices}>
          {CHOICES.map(([choice, Icon]) => (
            <div key={choice} className={styles.choice} data-chosen={account.kind === choice || undefined}>
              <Radio
                value={choice}
                labelPosition="left"
                classNames={{ body: styles.choiceBody ?? '', labelWrapper: styles.choiceLabel ?? '' }}
                label={
                  <span className={styles.choiceWords}>
                    <Icon size={20} aria-hidden="true" />
                    <span>
                      <span className={styles.choiceName}>{t(`setUp.destination.${choice}.name`)}</span>
                      <span className={styles.choiceText}>{t(`setUp.destination.${choice}.text`)}</span>
                    </span>
                  </span>
                }
              />
              {choice === 'smtp' && account.kind === 'smtp' && (
                <AccountFields
                  account={account}
                  onChange={(changed) => form.setFieldValue('account', changed)}
                  hostProblem={typeof problem === 'string' ? problem : null}
                />
              )}
            </div>
          ))}
        </div>
      </Radio.Group>
      {account.kind === 'smtp' && <ConnectionCheck account={account} />}
    </>
  )
}
