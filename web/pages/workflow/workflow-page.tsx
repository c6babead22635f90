import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { ApiError } from '../../api/errors.ts'
import { useSession } from '../../api/session.ts'
import { getWorkflow } from '../../api/workflows.ts'
import { useBuilderText } from '../../editor/text.ts'
import { OpenWorkflowPage } from './open-workflow.tsx'
import { pageDates } from './page-dates.ts'
import css from './workflow-page.module.css'

/** /workflows/:id and /workflows/:id/emails/:key: the workflow's full-screen room. */
export function WorkflowPage() {
  const { id = '', key } = useParams()
  const zone = useSession().data?.workspace?.timezone ?? 'UTC'
  const { t } = useBuilderText(zone, pageDates)
  const opened = useQuery({
    queryKey: ['workflow-to-edit', id],
    queryFn: () => getWorkflow(id),
    // The editor owns the document from here on; reading it again would fight what is being typed.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: (failures, error) => !(error instanceof ApiError) && failures < 3,
  })
  if (opened.isPending) return <Opening label={t('page.opening')} />
  if (opened.isError) {
    const isGone = opened.error instanceof ApiError && opened.error.status === 404
    return (
      <main className={css.center}>
        <h1 className={css.centerTitle}>{t(isGone ? 'page.gone' : 'page.failed')}</h1>
        <p>{isGone ? t('page.gone-say') : opened.error.message}</p>
        {isGone ? (
          <Button component="a" href="/workflows">
            {t('page.all-workflows')}
          </Button>
        ) : (
          <Button onClick={() => void opened.refetch()}>{t('mail.try-again')}</Button>
        )}
      </main>
    )
  }
  return <OpenWorkflowPage key={opened.data.id} opened={opened.data} emailKey={key ?? null} />
}

function Opening({ label }: { label: string }) {
  return (
    <main className={css.page} aria-busy="true" aria-label={label}>
      <div className={css.top} />
      <div className={css.stage}>
        <div className={css.skeleton} />
      </div>
    </main>
  )
}
