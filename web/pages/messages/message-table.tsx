import { useTranslation } from 'react-i18next'
import type { Message, MessageStatus } from '../../../shared/api/messages.ts'
import { useNow } from '../../app/clock.ts'
import { useFormat } from '../../app/use-format.ts'
import { Chip, type ChipTone } from '../../ui/chip.tsx'
import tables from '../../ui/table.module.css'
import { Mail, Recipient } from './message-cells.tsx'
import styles from './messages.module.css'

const TONES: Record<MessageStatus, ChipTone> = {
  queued: 'outline',
  sending: 'outline',
  deferred: 'paused',
  sent: 'live',
  uncertain: 'warning',
  failed: 'problem',
  skipped: 'quiet',
}

export function MessageTable({ messages }: { messages: readonly Message[] }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  return (
    <div className={tables.frame}>
      <table className={`${tables.table} ${styles.stacking}`}>
        <caption className="p-hidden">{t('messages.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('messages.column.to')}</th>
            <th scope="col">{t('messages.column.mail')}</th>
            <th scope="col">{t('messages.column.status')}</th>
            <th scope="col" className={tables.middle}>
              {t('messages.column.answer')}
            </th>
            <th scope="col" className={tables.middle}>
              {t('messages.column.when', { zone: format.zoneName(messages[0]?.createdAt ?? 0) })}
            </th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => (
            <MessageRow key={message.id} message={message} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function MessageRow({ message }: { message: Message }) {
  const { t, i18n } = useTranslation('app')
  const format = useFormat()
  const now = useNow(30_000)
  const { reason } = message
  const why = reason === null ? null : i18n.exists(`why:${reason}`) ? t(`why:${reason}`) : reason
  const when = (
    <time dateTime={message.finishedAt ?? message.createdAt}>
      {format.ago(message.finishedAt ?? message.createdAt, now)}
    </time>
  )
  return (
    <tr>
      <td>
        <Recipient message={message} />
      </td>
      <td>
        <Mail message={message} />
        <span className={`num ${styles.onNarrow}`}>
          {when}
          {why !== null && ` · ${why}`}
        </span>
      </td>
      <td>
        <Chip tone={TONES[message.status]}>{t(`messages.status.${message.status}`)}</Chip>
      </td>
      <td className={tables.middle}>
        <span className={`${tables.two} ${styles.reason}`}>
          {why !== null && <span>{why}</span>}
          {message.response !== null && (
            <span className="mono" lang="en">
              {message.response}
            </span>
          )}
          {message.mayBeTwice && message.status === 'sent' && <span>{t('messages.mayBeTwice')}</span>}
          {message.status === 'deferred' && (
            <span className={`num ${tables.second}`}>
              {t('messages.again', { moment: format.near(message.notBefore, now) })}
            </span>
          )}
        </span>
      </td>
      <td className={`num ${tables.middle} ${tables.second}`}>{when}</td>
    </tr>
  )
}
