import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Message } from '../../../shared/api/messages.ts'
import { StepTile } from '../../ui/step-tile.tsx'
import tables from '../../ui/table.module.css'

/** To whom: their page if we know them, else the bare address of a test. */
export function Recipient({ message }: { message: Message }) {
  const { t } = useTranslation('app')
  const { contact } = message
  const address = message.recipient ?? contact?.email ?? t('contacts.noAddress')
  if (contact === null) return <span>{address}</span>
  return (
    <span className={tables.two}>
      <Link to={`/contacts/${contact.id}`}>{contact.name ?? address}</Link>
      <span className={tables.second}>{contact.name === null ? '' : address}</span>
    </span>
  )
}

/** Which email of which workflow. */
export function Mail({ message }: { message: Message }) {
  const { t } = useTranslation('app')
  return (
    <span className={tables.withBadge}>
      <StepTile family="message" kind="send-email" size={24} />
      <span className={tables.two}>
        <span>{message.subject || message.emailKey}</span>
        <span className={tables.second}>
          {message.isTest
            ? t('messages.test')
            : message.workflow !== null && (
                <Link to={`/workflows/${message.workflow.id}`}>
                  {t('journal.workflow', { name: message.workflow.name, version: message.workflow.version })}
                </Link>
              )}
        </span>
      </span>
    </span>
  )
}
