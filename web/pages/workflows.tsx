import { Button, SegmentedControl } from '@mantine/core'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { WorkflowSummary } from '../../shared/api/workflows.ts'
import { useWorkflows } from '../api/workflows.ts'
import { Page } from '../app/page.tsx'
import { QueryFailure } from '../app/query-failure.tsx'
import { useFormat } from '../app/use-format.ts'
import { Empty } from '../ui/empty.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { SearchField } from '../ui/search-field.tsx'
import tables from '../ui/table.module.css'
import { FirstWorkflow } from './workflows/first-workflow.tsx'
import { WorkflowTable } from './workflows/workflow-table.tsx'
import styles from './workflows/workflows.module.css'
import { WorkflowsSummary } from './workflows/workflows-summary.tsx'

const FILTERS = ['all', 'live', 'draft', 'paused', 'archived'] as const
type Filter = (typeof FILTERS)[number]

const fits = (filter: Filter, { status }: WorkflowSummary): boolean =>
  filter === 'all' ? status !== 'archived' : status === filter

export function Workflows() {
  const { t } = useTranslation('app')
  const workflows = useWorkflows()
  if (workflows.data === undefined)
    return (
      <Page title={t('workflows.title')} lead={t('workflows.lead')}>
        {workflows.isError ? (
          <QueryFailure of="workflows" error={workflows.error} onRetry={() => workflows.refetch()} />
        ) : (
          <RowsSkeleton label={t('state.loading')} slowLabel={t('state.slow')} />
        )}
      </Page>
    )
  const { items } = workflows.data
  if (items.length === 0) return <FirstWorkflow />
  return (
    <Page
      title={t('workflows.title')}
      lead={t('workflows.lead')}
      actions={
        <Button
          component={Link}
          to="/workflows/new"
          variant="filled"
          leftSection={<Plus size={16} aria-hidden="true" />}
        >
          {t('workflows.create')}
        </Button>
      }
    >
      <WorkflowsSummary workflows={items} />
      <WorkflowList workflows={items} />
    </Page>
  )
}

function WorkflowList({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const [filter, setFilter] = useState<Filter>('all')
  const [search, setSearch] = useState('')
  const found = workflows.filter(
    (workflow) =>
      fits(filter, workflow) && workflow.name.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase()),
  )
  const filters = FILTERS.map((value) => ({ value, count: workflows.filter((one) => fits(value, one)).length })).filter(
    ({ value, count }) => value === 'all' || value === filter || count > 0,
  )
  return (
    <>
      <div className={styles.tools}>
        <div className={styles.filters}>
          <SegmentedControl
            aria-label={t('workflows.filterLabel')}
            value={filter}
            onChange={setFilter}
            data={filters.map(({ value, count }) => ({
              value,
              label: t('workflows.filter', { status: t(`workflows.status.${value}`), count: format.count(count) }),
            }))}
          />
        </div>
        <SearchField label={t('workflows.search')} clearLabel={t('search.clear')} value={search} onChange={setSearch} />
      </div>
      {found.length === 0 ? (
        <Empty
          isQuiet
          title={search === '' ? t('workflows.noneHere') : t('workflows.notFound', { search })}
          action={
            <Button
              onClick={() => {
                setSearch('')
                setFilter('all')
              }}
            >
              {t('workflows.showAll')}
            </Button>
          }
        />
      ) : (
        <WorkflowTable workflows={found} />
      )}
      <div className={tables.foot}>
        <span className="num">
          {t('workflows.range', {
            count: workflows.length,
            shown: format.count(found.length),
            total: format.count(workflows.length),
          })}
        </span>
        <span>{t('workflows.footnote', { zone: format.zoneName(workflows[0]?.savedAt ?? 0) })}</span>
      </div>
    </>
  )
}
