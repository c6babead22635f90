import { Button, Progress } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useParams } from 'react-router'
import type { ImportState } from '../../../shared/api/contacts.ts'
import { contactsKey } from '../../api/contacts.ts'
import { cancelImport, rejectedUrl, useImport } from '../../api/imports.ts'
import { useNow } from '../../app/clock.ts'
import { Page } from '../../app/page.tsx'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Card } from '../../ui/card.tsx'
import { Note } from '../../ui/note.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import styles from './import.module.css'
import { RejectedRows } from './rejected-rows.tsx'

/** An import while it runs and when it is done. It goes on when this page is left. */
export function ImportProgress() {
  const { t } = useTranslation('app')
  const { id = '' } = useParams()
  const state = useImport(id)
  const client = useQueryClient()
  const status = state.data?.status
  useEffect(() => {
    if (status !== undefined && status !== 'running') void client.invalidateQueries({ queryKey: contactsKey })
  }, [status, client])
  return (
    <Page
      title={t(`import.run.title.${status ?? 'running'}`)}
      trail={[{ label: t('contacts.title'), to: '/contacts' }]}
    >
      {state.data === undefined && state.isError && (
        <QueryFailure of="import" error={state.error} onRetry={() => state.refetch()} />
      )}
      {state.data === undefined && !state.isError && (
        <RowsSkeleton rows={3} label={t('state.loading')} slowLabel={t('state.slow')} />
      )}
      {state.data !== undefined && (
        <div className={styles.progress}>
          <Card>{state.data.status === 'running' ? <Running run={state.data} /> : <Result run={state.data} />}</Card>
          {state.data.errors.length > 0 && <RejectedRows errors={state.data.errors} rejected={state.data.rejected} />}
        </div>
      )}
    </Page>
  )
}

function Running({ run }: { run: ImportState }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const toast = useToast()
  const now = useNow(500)
  const expected = useExpectedRows()
  const cancel = useMutation({
    mutationFn: () => cancelImport(run.id),
    onError: (error) => toast.failed(t('import.run.notCancelled'), error),
  })
  const ranMs = Math.max(1, now - Date.parse(run.createdAt))
  const leftMs = run.progress > 0 ? (ranMs / run.progress) * (1 - run.progress) : null
  return (
    <>
      <div className={styles.progressHead}>
        <p className={`num ${styles.progressTitle}`}>
          {expected === null
            ? t('import.run.rows', { count: run.rows, shown: format.count(run.rows) })
            : t('import.run.rowsOf', { count: expected, shown: format.count(run.rows), total: format.count(expected) })}
          <span className={styles.pace}>
            {[
              t('import.run.rate', { rate: format.count(Math.round((run.rows / ranMs) * 1_000)) }),
              ...(leftMs === null ? [] : [t('import.run.left', { duration: format.duration(wholeSeconds(leftMs)) })]),
            ].join(' · ')}
          </span>
        </p>
        <Button size="xs" onClick={() => cancel.mutate()} loading={cancel.isPending}>
          {t('dialog.cancel')}
        </Button>
      </div>
      <Progress
        value={run.progress * 100}
        aria-label={t('import.run.title.running')}
        size="md"
        radius="xs"
        transitionDuration={300}
      />
      <p className={`num ${styles.progressFoot}`}>
        <span>{t('import.run.rejectedSoFar', { count: run.rejected, shown: format.count(run.rejected) })}</span>
        <span>{t('import.run.goesOn')}</span>
      </p>
    </>
  )
}

const wholeSeconds = (ms: number): number => Math.max(1_000, Math.round(ms / 1_000) * 1_000)

/** How many rows the file has, when this page was opened by the one that counted them. */
function useExpectedRows(): number | null {
  const { state }: { state: unknown } = useLocation()
  const rows = typeof state === 'object' && state !== null && 'rows' in state ? state.rows : null
  return typeof rows === 'number' ? rows : null
}

function Result({ run }: { run: ImportState }) {
  return (
    <>
      <Ended run={run} />
      <Counts run={run} />
      <Onward run={run} />
    </>
  )
}

function Ended({ run }: { run: ImportState }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const people = run.created + run.updated
  const tookMs = run.finishedAt === null ? 0 : Date.parse(run.finishedAt) - Date.parse(run.createdAt)
  if (run.status === 'completed')
    return (
      <Note tone="good" isLive>
        <p className="num">
          <strong>
            {t('import.run.done', { count: people, shown: format.count(people), duration: format.duration(tookMs) })}
          </strong>{' '}
          {run.fileName}
        </p>
      </Note>
    )
  return (
    <Note tone={run.status === 'failed' ? 'problem' : 'warning'} isLive>
      <p className="num">
        <strong>{t(`import.run.${run.status}`, { count: people, shown: format.count(people) })}</strong>
      </p>
      {run.problem !== undefined && (
        <p className="mono" lang="en">
          {run.problem}
        </p>
      )}
    </Note>
  )
}

function Counts({ run }: { run: ImportState }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  return (
    <dl className={`num ${styles.counts}`}>
      {(['created', 'updated', 'duplicates', 'rejected'] as const).map((name) => (
        <div key={name} className={styles.pair}>
          <dt>{t(`import.run.${name}`)}</dt>
          <dd>{format.count(run[name])}</dd>
        </div>
      ))}
      <dt data-sum>{t('import.run.sum')}</dt>
      <dd data-sum>{format.count(run.rows)}</dd>
    </dl>
  )
}

function Onward({ run }: { run: ImportState }) {
  const { t, i18n } = useTranslation('app')
  const format = useFormat()
  return (
    <div className={styles.links}>
      <Button component={Link} to="/contacts" variant="filled">
        {t('import.run.seeContacts')}
      </Button>
      {run.rejected > 0 && (
        <Button
          component="a"
          href={rejectedUrl(run.id, i18n.language)}
          download
          variant="subtle"
          leftSection={<Download size={15} aria-hidden="true" />}
        >
          {t('import.run.rejectedFile', { count: run.rejected, shown: format.count(run.rejected) })}
        </Button>
      )}
      <Link to="/contacts/import">{t('import.run.another')}</Link>
    </div>
  )
}
