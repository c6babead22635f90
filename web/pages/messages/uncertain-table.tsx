import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../shared/api/messages.ts'
import { type Resolution, useResolveMessage } from '../../api/messages.ts'
import { useNow } from '../../app/clock.ts'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import tables from '../../ui/table.module.css'
import { Mail, Recipient } from './message-cells.tsx'
import styles from './messages.module.css'

const WAYS_OUT: readonly Resolution[] = ['sent', 'resend', 'drop']

/** Mails whose fate is unknown: three ways out and what each costs. */
export function UncertainTable({ messages }: { messages: readonly Message[] }) {
  const { t } = useTranslation('app')
  return (
    <div className={tables.frame}>
      <table className={`${tables.table} ${styles.stacking}`}>
        <caption className="p-hidden">{t('messages.uncertain.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('messages.column.to')}</th>
            <th scope="col">{t('messages.column.mail')}</th>
            <th scope="col" className={tables.middle}>
              {t('messages.uncertain.why')}
            </th>
            <th scope="col">
              <span className="p-hidden">{t('messages.uncertain.waysOut')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => (
            <UncertainRow key={message.id} message={message} />
          ))}
        </tbody>
      </table>
      <p className={styles.costs}>
        {WAYS_OUT.map((way) => (
          <span key={way}>
            <strong>{t(`messages.uncertain.${way}.name`)}</strong> {t(`messages.uncertain.${way}.cost`)}
          </span>
        ))}
        <span>{t('messages.uncertain.always')}</span>
      </p>
    </div>
  )
}

function UncertainRow({ message }: { message: Message }) {
  const { t, i18n } = useTranslation('app')
  const format = useFormat()
  const now = useNow(30_000)
  const resolve = useResolveMessage()
  const toast = useToast()
  // The row leaves with the answer, so the promise speaks, not the callbacks of a component that is gone.
  const choose = async (as: Resolution): Promise<void> => {
    try {
      await resolve.mutateAsync({ id: message.id, as })
      toast.done(t(`messages.uncertain.${as}.done`))
    } catch (error) {
      toast.failed(t('messages.uncertain.notResolved'), error instanceof Error ? error : new Error(String(error)))
    }
  }
  const reason = message.reason ?? 'uncertain'
  const known = i18n.exists(`why:${reason}`) ? t(`why:${reason}`) : t('messages.uncertain.handedOver')
  const because = message.dotAt === null ? known : `${known} ${format.near(message.dotAt, now)}`
  return (
    <tr>
      <td>
        <Recipient message={message} />
      </td>
      <td>
        <Mail message={message} />
        <span className={`num ${styles.onNarrow}`}>{because}</span>
      </td>
      <td className={tables.middle}>
        <span className={`${tables.two} ${styles.reason}`}>
          <span className="num">{because}</span>
          <span className={`mono ${styles.header}`}>{message.messageIdHeader}</span>
        </span>
      </td>
      <td>
        <span className={styles.waysOut}>
          {WAYS_OUT.map((way) => (
            <Button
              key={way}
              size="xs"
              onClick={() => void choose(way)}
              loading={resolve.isPending && resolve.variables.as === way}
            >
              {t(`messages.uncertain.${way}.name`)}
            </Button>
          ))}
        </span>
      </td>
    </tr>
  )
}
