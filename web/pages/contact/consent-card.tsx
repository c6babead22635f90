import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../shared/api/contacts.ts'
import { useConsents, usePatchContact } from '../../api/contacts.ts'
import { nameOf } from '../../app/contact-name.ts'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Card } from '../../ui/card.tsx'
import { Note } from '../../ui/note.tsx'
import { ConsentSign } from '../contacts/consent-sign.tsx'
import { topicName } from '../contacts/topic-name.ts'
import { sourceName } from './consent-source.ts'
import styles from './contact-page.module.css'

/** May we write to this person, per topic, with the record behind each answer. */
export function ConsentCard({ contact }: { contact: Contact }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const ledger = useConsents(contact.id)
  const patch = usePatchContact(contact.id)
  const toast = useToast()
  const topics = Object.keys({ marketing: null, ...contact.consent })
  const lastOf = (topic: string) =>
    ledger.data?.items.filter((item) => item.topic === topic).sort((a, b) => b.at.localeCompare(a.at))[0]
  const change = (topic: string, status: 'granted' | 'withdrawn'): void =>
    patch.mutate(
      { consent: { [topic]: { status, source: 'by-hand' } } },
      { onError: (error) => toast.failed(t('contact.consent.notSaved'), error) },
    )
  return (
    <Card isSmall title={t('contact.consent.title', { name: nameOf(contact) ?? t('contact.consent.thisPerson') })}>
      {contact.suppression !== 'none' && (
        <Note tone="problem">
          <p>{t(`contact.suppression.${contact.suppression}`)}</p>
        </Note>
      )}
      <ul className={styles.lines}>
        {topics.map((topic) => {
          const status = contact.consent[topic] ?? 'unknown'
          const last = lastOf(topic)
          return (
            <li key={topic} className={styles.line}>
              <ConsentSign
                tone={status === 'granted' ? 'yes' : status === 'withdrawn' ? 'no' : 'unknown'}
                first={topicName(topic, t)}
                second={
                  last === undefined
                    ? t(`contact.consent.${status}`)
                    : t('contact.consent.since', { status: t(`contact.consent.${status}`), day: format.day(last.at) })
                }
              />
              <Button
                size="compact-sm"
                onClick={() => change(topic, status === 'granted' ? 'withdrawn' : 'granted')}
                loading={patch.isPending}
              >
                {status === 'granted' ? t('contact.consent.withdraw') : t('contact.consent.grant')}
              </Button>
            </li>
          )
        })}
      </ul>
      {(ledger.data?.items.length ?? 0) > 0 && (
        <details className={styles.ledger}>
          <summary>{t('contact.consent.ledger')}</summary>
          <ol>
            {ledger.data?.items.map((item) => (
              <li key={`${item.topic}${item.at}${item.status}`}>
                {t('contact.consent.entry', {
                  topic: topicName(item.topic, t),
                  status: t(`contact.consent.${item.status}`),
                  moment: format.moment(item.at),
                  source: sourceName(item.source, t),
                })}
                {item.text !== null && item.text !== '' && <blockquote>{item.text}</blockquote>}
              </li>
            ))}
          </ol>
        </details>
      )}
    </Card>
  )
}
