import { Button, CopyButton, Modal } from '@mantine/core'
import { Check, CircleAlert, Copy, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SendingDomain } from '../../../shared/api/settings.ts'
import { checkDomain, domainsKey, removeDomain, setDomainSigning, useSettingsChange } from '../../api/settings.ts'
import { useNow } from '../../app/clock.ts'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import cards from '../../ui/card.module.css'
import { Chip } from '../../ui/chip.tsx'
import { Note } from '../../ui/note.tsx'
import styles from './domain-key.module.css'

/** One key: whether it signs, its record to copy, and what the DNS says of it. */
export function DomainKey({ of: key }: { of: SendingDomain }) {
  const { t } = useTranslation('sending')
  const [isRemoving, setIsRemoving] = useState(false)
  return (
    <section className={styles.key} aria-label={key.record.name}>
      <div className={styles.head}>
        <h3>
          {key.domain} <span className="mono">{key.selector}</span>
        </h3>
        <Chip tone={key.isSigning ? 'live' : 'outline'}>{key.isSigning ? t('domain.signs') : t('domain.off')}</Chip>
      </div>
      {!key.isReadable && (
        <Note tone="problem">
          <p>{t('domain.unreadable')}</p>
        </Note>
      )}
      <Looked of={key} />
      <RecordToCopy of={key} />
      <Actions of={key} onRemove={() => setIsRemoving(true)} />
      <Removing of={key} opened={isRemoving} onClose={() => setIsRemoving(false)} />
    </section>
  )
}

function Looked({ of: { check } }: { of: SendingDomain }) {
  const { t } = useTranslation('sending')
  const format = useFormat()
  const now = useNow(60_000)
  if (check === null) return <p className={cards.hint}>{t('domain.never')}</p>
  const isSeen = check.status === 'seen'
  const Icon = isSeen
    ? Check
    : check.status === 'missing' || check.status === 'unanswered'
      ? TriangleAlert
      : CircleAlert
  return (
    <div className={styles.looked} data-status={check.status} role="status">
      <Icon size={16} aria-hidden="true" />
      <div>
        <p>
          <strong>{t(`domain.status.${check.status}`)}</strong>{' '}
          <span className="num">{t('domain.at', { moment: format.near(check.at, now) })}</span>
        </p>
        <p>{t(`domain.hint.${check.status}`)}</p>
        {!isSeen && check.found.length > 0 && (
          <>
            <p>{t('domain.found')}</p>
            {check.found.map((text) => (
              <code key={text} className={`mono ${styles.found}`}>
                {text}
              </code>
            ))}
          </>
        )}
      </div>
    </div>
  )
}

function RecordToCopy({ of: { domain, record, check } }: { of: SendingDomain }) {
  const { t } = useTranslation('sending')
  return (
    <>
      <p className={cards.hint}>
        {check?.status === 'seen' ? t('domain.published', { domain }) : t('domain.publish', { domain })}
      </p>
      <dl className={styles.record}>
        <dt>{t('domain.kind')}</dt>
        <dd className="mono">{record.type}</dd>
        <dd />
        <dt>{t('domain.name')}</dt>
        <dd className="mono">{record.name}</dd>
        <dd>
          <CopyValue what={t('domain.name')} value={record.name} />
        </dd>
        <dt>{t('domain.value')}</dt>
        <dd className={`mono ${styles.long}`}>{record.value}</dd>
        <dd>
          <CopyValue what={t('domain.value')} value={record.value} />
        </dd>
        {record.chunks.length > 1 && (
          <>
            <dt />
            <dd className={styles.chunks}>{t('domain.chunks', { count: record.chunks.length })}</dd>
            <dd>
              <CopyValue what={t('domain.pieces')} value={record.chunks.map((chunk) => `"${chunk}"`).join(' ')} />
            </dd>
          </>
        )}
      </dl>
    </>
  )
}

function CopyValue({ what, value }: { what: string; value: string }) {
  const { t } = useTranslation('sending')
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button
          size="xs"
          onClick={copy}
          aria-label={copied ? t('domain.copied') : t('domain.copyOf', { what })}
          leftSection={copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
        >
          {copied ? t('domain.copied') : t('domain.copy')}
        </Button>
      )}
    </CopyButton>
  )
}

function Actions({ of: key, onRemove }: { of: SendingDomain; onRemove: () => void }) {
  const { t } = useTranslation('sending')
  const toast = useToast()
  const check = useSettingsChange(checkDomain, domainsKey)
  const sign = useSettingsChange(setDomainSigning, domainsKey)
  const isSeen = key.check?.status === 'seen'
  const set = (on: boolean): void =>
    sign.mutate(
      { id: key.id, on, force: !isSeen },
      {
        onSuccess: () => toast.done(on ? t('domain.switchedOn') : t('domain.switchedOff')),
        onError: (error) => toast.failed(t('domain.notSwitched'), error),
      },
    )
  return (
    <div className={styles.actions}>
      <Button
        size="xs"
        loading={check.isPending}
        onClick={() => check.mutate(key.id, { onError: (error) => toast.failed(t('domain.notChecked'), error) })}
      >
        {t('domain.check')}
      </Button>
      {key.isSigning ? (
        <Button size="xs" loading={sign.isPending} onClick={() => set(false)}>
          {t('domain.switchOff')}
        </Button>
      ) : (
        key.isReadable && (
          <Button size="xs" loading={sign.isPending} onClick={() => set(true)}>
            {isSeen ? t('domain.switchOn') : t('domain.force')}
          </Button>
        )
      )}
      <Button
        size="xs"
        variant="subtle"
        aria-label={t('domain.removeOf', { selector: key.selector })}
        onClick={onRemove}
      >
        {t('domain.remove')}
      </Button>
    </div>
  )
}

function Removing({ of: key, opened, onClose }: { of: SendingDomain; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('sending')
  const toast = useToast()
  const remove = useSettingsChange(removeDomain, domainsKey)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('domain.removing.title', { selector: key.selector })}
      closeButtonProps={{ 'aria-label': t('app:dialog.close') }}
    >
      <p>{t('domain.removing.text')}</p>
      {key.isSigning && <p>{t('domain.removing.signing')}</p>}
      <div className={cards.foot}>
        <Button onClick={onClose}>{t('app:dialog.cancel')}</Button>
        <Button
          color="madder"
          variant="filled"
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(key.id, {
              onSuccess: onClose,
              onError: (error) => toast.failed(t('domain.removing.failed'), error),
            })
          }
        >
          {t('domain.removing.confirm')}
        </Button>
      </div>
    </Modal>
  )
}
