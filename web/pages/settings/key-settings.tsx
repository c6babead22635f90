import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ApiKey } from '../../../shared/api/settings.ts'
import { keysKey, revokeKey, useKeys, useSettingsChange } from '../../api/settings.ts'
import { useNow } from '../../app/clock.ts'
import { Page } from '../../app/page.tsx'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Chip } from '../../ui/chip.tsx'
import { Empty } from '../../ui/empty.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import tables from '../../ui/table.module.css'
import { NewKey } from './new-key.tsx'

/** Keys for other programs: what each may do, when it was last used, and how to take it back. */
export function KeySettings() {
  const { t } = useTranslation('app')
  const keys = useKeys()
  const [isAdding, adding] = useDisclosure(false)
  return (
    <Page
      title={t('settings.keys')}
      lead={t('keys.lead')}
      actions={
        <Button variant="filled" leftSection={<Plus size={16} aria-hidden="true" />} onClick={adding.open}>
          {t('keys.add')}
        </Button>
      }
    >
      <NewKey opened={isAdding} onClose={adding.close} />
      {keys.data === undefined && keys.isError && (
        <QueryFailure of="settings" error={keys.error} onRetry={() => keys.refetch()} />
      )}
      {keys.isPending && <RowsSkeleton rows={3} label={t('state.loading')} slowLabel={t('state.slow')} />}
      {keys.data?.length === 0 && (
        <Empty isQuiet title={t('keys.empty')}>
          {t('keys.emptyText')}
        </Empty>
      )}
      {keys.data !== undefined && keys.data.length > 0 && <KeyTable keys={keys.data} />}
    </Page>
  )
}

function KeyTable({ keys }: { keys: readonly ApiKey[] }) {
  const { t } = useTranslation('app')
  return (
    <div className={tables.frame}>
      <table className={tables.table}>
        <caption className="p-hidden">{t('settings.keys')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('keys.column.name')}</th>
            <th scope="col" className={tables.middle}>
              {t('keys.column.scopes')}
            </th>
            <th scope="col" className={tables.middle}>
              {t('keys.column.used')}
            </th>
            <th scope="col">
              <span className="p-hidden">{t('keys.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const now = useNow(30_000)
  const toast = useToast()
  const revoke = useSettingsChange(revokeKey, keysKey)
  const ask = (): string =>
    modals.openConfirmModal({
      title: t('keys.revoking.title', { name: apiKey.name }),
      children: t('keys.revoking.text'),
      labels: { confirm: t('keys.revoking.confirm'), cancel: t('dialog.cancel') },
      confirmProps: { variant: 'outline' },
      closeButtonProps: { 'aria-label': t('dialog.close') },
      onConfirm: () => revoke.mutate(apiKey.id, { onError: (error) => toast.failed(t('keys.revoking.failed'), error) }),
    })
  return (
    <tr>
      <td>
        <span className={tables.two}>
          <strong>{apiKey.name}</strong>
          <span className="mono">{apiKey.prefix}…</span>
        </span>
      </td>
      <td className={`mono ${tables.middle}`}>{apiKey.scopes.join(', ')}</td>
      <td className={`num ${tables.middle} ${tables.second}`}>
        {apiKey.lastUsedAt === null ? t('keys.neverUsed') : format.ago(apiKey.lastUsedAt, now)}
      </td>
      <td className={tables.number}>
        {apiKey.fromEnvironment ? (
          <Chip tone="outline">{t('keys.fromEnvironment')}</Chip>
        ) : (
          <Button size="xs" variant="outline" onClick={ask} loading={revoke.isPending}>
            {t('keys.revoke')}
          </Button>
        )}
      </td>
    </tr>
  )
}
