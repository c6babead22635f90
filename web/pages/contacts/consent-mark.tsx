import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../shared/api/contacts.ts'
import { useFormat } from '../../app/use-format.ts'
import { ConsentSign } from './consent-sign.tsx'
import { topicName } from './topic-name.ts'

/** May we write to this person? A sign, the topics, and what follows from it. */
export function ConsentMark({ contact }: { contact: Pick<Contact, 'email' | 'consent' | 'suppression'> }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const topics = Object.entries(contact.consent)
  const named = (wanted: string): string[] =>
    topics.filter(([, status]) => status === wanted).map(([topic]) => topicName(topic, t))
  const granted = named('granted')
  const withdrawn = named('withdrawn')
  if (contact.suppression !== 'none')
    return <ConsentSign tone="no" first={t(`contacts.may.${contact.suppression}`)} second={t('contacts.may.nothing')} />
  if (contact.email === null)
    return <ConsentSign tone="unknown" first={t('contacts.may.noAddress')} second={t('contacts.may.nothing')} />
  if (granted.length > 0)
    return (
      <ConsentSign
        tone="yes"
        first={format.list(granted)}
        second={
          withdrawn.length > 0 ? t('contacts.may.not', { topics: format.list(withdrawn) }) : t('contacts.may.agreed')
        }
      />
    )
  if (withdrawn.length > 0)
    return <ConsentSign tone="no" first={t('contacts.may.withdrawn')} second={t('contacts.may.noMarketing')} />
  return <ConsentSign tone="unknown" first={t('contacts.may.unknown')} second={t('contacts.may.noMarketing')} />
}
