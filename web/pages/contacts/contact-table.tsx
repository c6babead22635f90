import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Contact } from '../../../shared/api/contacts.ts'
import { useNow } from '../../app/clock.ts'
import { nameOf } from '../../app/contact-name.ts'
import { useFormat } from '../../app/use-format.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Chip } from '../../ui/chip.tsx'
import tables from '../../ui/table.module.css'
import { ConsentMark } from './consent-mark.tsx'
import styles from './contacts.module.css'

const TAGS_SHOWN = 3

export function ContactTable({ contacts }: { contacts: readonly Contact[] }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  return (
    <div className={tables.frame}>
      <table className={`${tables.table} ${styles.people}`}>
        <caption className="p-hidden">{t('contacts.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('contacts.column.person')}</th>
            <th scope="col">{t('contacts.column.consent')}</th>
            <th scope="col" className={tables.middle}>
              {t('contacts.column.tags')}
            </th>
            <th scope="col" className={tables.wide}>
              {t('contacts.column.externalId')}
            </th>
            <th scope="col" className={tables.middle}>
              {t('contacts.column.added', { zone: format.zoneName(contacts[0]?.createdAt ?? 0) })}
            </th>
          </tr>
        </thead>
        <tbody>
          {contacts.map((contact) => (
            <ContactRow key={contact.id} contact={contact} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ContactRow({ contact }: { contact: Contact }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const now = useNow(30_000)
  const name = nameOf(contact)
  return (
    <tr className={tables.rowOpens}>
      <td>
        <span className={tables.withBadge}>
          <Avatar name={name} seed={contact.id} />
          <span className={tables.two}>
            <Link to={`/contacts/${contact.id}`} className={tables.opener}>
              {name ?? t('contacts.noName')}
            </Link>
            <span className={tables.second}>{contact.email ?? t('contacts.noAddress')}</span>
          </span>
        </span>
      </td>
      <td>
        <ConsentMark contact={contact} />
      </td>
      <td className={tables.middle}>
        {contact.tags.length === 0 ? (
          <None />
        ) : (
          <span className={styles.tags}>
            {contact.tags.slice(0, TAGS_SHOWN).map((tag) => (
              <Chip key={tag} tone="outline">
                {tag}
              </Chip>
            ))}
            {contact.tags.length > TAGS_SHOWN && (
              <span className={tables.second}>
                {t('contacts.moreTags', { shown: format.count(contact.tags.length - TAGS_SHOWN) })}
              </span>
            )}
          </span>
        )}
      </td>
      <td className={tables.wide}>
        {contact.externalId === null ? <None /> : <span className="mono">{contact.externalId}</span>}
      </td>
      <td className={`num ${tables.middle} ${tables.second}`}>{format.ago(contact.createdAt, now)}</td>
    </tr>
  )
}

/** An empty value: drawn as a dash, read as "none". */
function None() {
  const { t } = useTranslation('app')
  return (
    <span className={tables.none}>
      <span aria-hidden="true">–</span>
      <span className="p-hidden">{t('state.none')}</span>
    </span>
  )
}
