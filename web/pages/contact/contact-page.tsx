import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import type { Contact } from '../../../shared/api/contacts.ts'
import { useContact } from '../../api/contacts.ts'
import { useNow } from '../../app/clock.ts'
import { nameOf } from '../../app/contact-name.ts'
import { Page } from '../../app/page.tsx'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Chip } from '../../ui/chip.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import { AttributesCard } from './attributes-card.tsx'
import { ConsentCard } from './consent-card.tsx'
import styles from './contact-page.module.css'
import { EnrollmentsCard } from './enrollments-card.tsx'
import { IdentityCard } from './identity-card.tsx'
import { Journal } from './journal.tsx'
import { TagsCard } from './tags-card.tsx'

/** One person: what we know, may we write, what happened and why. */
export function ContactPage() {
  const { t } = useTranslation('app')
  const { id = '' } = useParams()
  const contact = useContact(id)
  const trail = [{ label: t('contacts.title'), to: '/contacts' }]
  if (contact.data !== undefined) return <Known contact={contact.data} />
  return (
    <Page title={t('contact.title')} trail={trail}>
      {contact.isError ? (
        <QueryFailure of="contact" error={contact.error} onRetry={() => contact.refetch()} />
      ) : (
        <RowsSkeleton label={t('state.loading')} slowLabel={t('state.slow')} />
      )}
    </Page>
  )
}

function Known({ contact }: { contact: Contact }) {
  const { t } = useTranslation('app')
  const name = nameOf(contact)
  return (
    <Page
      title={name ?? contact.email ?? t('contacts.noName')}
      titleLang=""
      trail={[{ label: t('contacts.title'), to: '/contacts' }]}
      badge={<Avatar name={name} seed={contact.id} size={52} />}
      aside={
        contact.suppression === 'none' ? null : <Chip tone="problem">{t(`contacts.may.${contact.suppression}`)}</Chip>
      }
      lead={<Lead contact={contact} />}
    >
      <div className={styles.columns}>
        <div className={styles.side}>
          <ConsentCard contact={contact} />
          <AttributesCard contact={contact} />
          <TagsCard contact={contact} />
          <IdentityCard contact={contact} />
          <EnrollmentsCard id={contact.id} />
        </div>
        <Journal contact={contact} />
      </div>
    </Page>
  )
}

function Lead({ contact }: { contact: Contact }) {
  const { t } = useTranslation('app')
  const now = useNow(10_000)
  const theirs = useFormat(contact.timezone)
  const parts = [
    nameOf(contact) === null ? null : contact.email,
    contact.timezone === null
      ? t('contact.noZone')
      : t('contact.there', { time: theirs.time(now), zone: theirs.zoneName(now) }),
  ].filter((part) => part !== null)
  return <span className="num">{parts.join(' · ')}</span>
}
