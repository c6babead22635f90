import { ArrowRight, Check, Minus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useSession } from '../../api/session.ts'
import { useStatus } from '../../api/settings.ts'
import { Card } from '../../ui/card.tsx'
import { DomainCard } from './domain-card.tsx'
import styles from './settings.module.css'

/** Beside the account: in whose name mail goes out and, while none leaves, what a server would bring. */
export function BesideAccount() {
  const status = useStatus()
  return (
    <>
      <FromCard />
      {status.data?.embeddedInbox === false && <DomainCard />}
      {status.data?.embeddedInbox === true && <LaterCard />}
    </>
  )
}

function FromCard() {
  const { t } = useTranslation('app')
  const { data: session } = useSession()
  const workspace = session?.workspace ?? null
  if (workspace === null) return null
  const { senderName, senderEmail, postalAddress } = workspace
  const from = senderName === '' ? senderEmail : `${senderName} <${senderEmail}>`
  const lines = [
    { name: 'from', has: senderEmail !== '', text: senderEmail === '' ? t('sending.from.noSender') : from },
    { name: 'postal', has: postalAddress !== '', text: postalAddress || t('sending.from.noPostal') },
  ]
  return (
    <Card
      isSmall
      title={t('sending.from.title')}
      aside={<Link to="/settings/workspace">{t('sending.from.change')}</Link>}
    >
      <ul className={styles.facts}>
        {lines.map(({ name, has, text }) => (
          <li key={name} data-missing={!has || undefined}>
            {has ? <Check size={15} aria-hidden="true" /> : <Minus size={15} aria-hidden="true" />}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** While no mail leaves this machine: what happens instead. */
export function NowCard() {
  const { t } = useTranslation('app')
  return (
    <Card isSmall title={t('sending.now.title')} aside={<Link to="/inbox">{t('sending.now.open')}</Link>}>
      <ul className={styles.facts}>
        {(['here', 'nobody', 'counts'] as const).map((line) => (
          <li key={line}>
            <Check size={15} aria-hidden="true" />
            <span>{t(`sending.now.${line}`)}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function LaterCard() {
  const { t } = useTranslation('app')
  return (
    <Card isSmall title={t('sending.later.title')}>
      <ul className={styles.facts} data-later>
        {(['real', 'queue', 'test', 'need'] as const).map((line) => (
          <li key={line}>
            <ArrowRight size={15} aria-hidden="true" />
            <span>{t(`sending.later.${line}`)}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
