import { Button, Radio } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SendingDomain } from '../../../shared/api/settings.ts'
import { useSession } from '../../api/session.ts'
import { createDomain, domainsKey, useDomains, useSettingsChange } from '../../api/settings.ts'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useToast } from '../../app/toast.tsx'
import cards from '../../ui/card.module.css'
import { Card } from '../../ui/card.tsx'
import styles from './domain-key.module.css'
import { DomainKey } from './domain-key.tsx'

/** DKIM: the keys of the domain mail comes from, and of any other that has some. */
export function DomainCard() {
  const { t } = useTranslation('sending')
  const { data: session } = useSession()
  const domains = useDomains()
  const domain = session?.workspace?.senderEmail.split('@')[1]?.toLowerCase() ?? ''
  const keys = domains.data ?? []
  const hasOwn = keys.some((key) => key.domain === domain)
  return (
    <Card isSmall title={t('domain.title')}>
      <div className={styles.stack}>
        {keys.length === 0 && <p className={cards.hint}>{t('domain.lead')}</p>}
        {domains.isError && <QueryFailure of="settings" error={domains.error} onRetry={() => domains.refetch()} />}
        {keys.map((key) => (
          <DomainKey key={key.id} of={key} />
        ))}
        {domain === '' ? (
          <p className={cards.hint}>{t('domain.noSender')}</p>
        ) : (
          domains.data !== undefined && <NewDomainKey domain={domain} hasOwn={hasOwn} />
        )}
      </div>
    </Card>
  )
}

function NewDomainKey({ domain, hasOwn }: { domain: string; hasOwn: boolean }) {
  const { t } = useTranslation('sending')
  const toast = useToast()
  const [isOpen, setIsOpen] = useState(false)
  const [algorithm, setAlgorithm] = useState<SendingDomain['algorithm']>('rsa-sha256')
  const create = useSettingsChange(createDomain, domainsKey)
  const make = (): void =>
    create.mutate(
      { domain, algorithm },
      {
        onSuccess: () => {
          setIsOpen(false)
          toast.done(t('domain.created'))
        },
        onError: (error) => toast.failed(t('domain.notCreated'), error),
      },
    )
  if (hasOwn && !isOpen)
    return (
      <Button className={styles.start ?? ''} size="xs" onClick={() => setIsOpen(true)}>
        {t('domain.another')}
      </Button>
    )
  return (
    <div className={styles.new}>
      {hasOwn && <p className={cards.hint}>{t('domain.anotherText')}</p>}
      <Radio.Group
        label={t('domain.algorithm')}
        value={algorithm}
        onChange={(value) => setAlgorithm(value === 'ed25519-sha256' ? 'ed25519-sha256' : 'rsa-sha256')}
      >
        <div className={styles.kinds}>
          {(['rsa-sha256', 'ed25519-sha256'] as const).map((kind) => (
            <Radio key={kind} value={kind} label={t(`domain.algorithms.${kind}`)} />
          ))}
        </div>
      </Radio.Group>
      <Button className={styles.start ?? ''} loading={create.isPending} onClick={make}>
        {t('domain.create', { domain })}
      </Button>
    </div>
  )
}
