import { Button } from '@mantine/core'
import { Leaf } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import { textOf } from '../../../shared/workflow/draft.ts'
import { useFormat } from '../../app/use-format.ts'
import { RecipeSketch } from './recipe-sketch.tsx'
import styles from './recipes.module.css'

type Props = { document: WorkflowDocument; summary: string; isStarting: boolean; onStart(): void }

/** One ready-made workflow: its shape, what it is for, what it needs, how large it is. */
export function RecipeCard({ document, summary, isStarting, onStart }: Props) {
  const { t } = useTranslation(['app', 'builder'])
  const { count } = useFormat()
  const emails = Object.keys(document.emails).length
  return (
    <article className={styles.card}>
      <div className={styles.ground}>
        <RecipeSketch document={document} />
      </div>
      <div className={styles.body}>
        <h2 className={styles.name}>{document.name}</h2>
        <p className={styles.about}>{summary}</p>
        <Needs document={document} />
        <div className={styles.foot}>
          <span className="num">
            {t('builder:recipes.steps', { count: document.steps.length, number: count(document.steps.length) })},{' '}
            {t('builder:recipes.emails', { count: emails, number: count(emails) })}
          </span>
          <Button size="xs" loading={isStarting} onClick={onStart}>
            {t('builder:recipes.start')}
            <span className="p-hidden"> {document.name}</span>
          </Button>
        </div>
      </div>
    </article>
  )
}

/** What has to be there before anybody enters. */
function Needs({ document }: { document: WorkflowDocument }) {
  const { t } = useTranslation(['app', 'builder'])
  const { list } = useFormat()
  const events = document.triggers.flatMap((trigger) => textOf(trigger.event) ?? [])
  const isByHand = document.triggers.some((trigger) => trigger.kind === 'manual')
  const named = list([...new Set(events)].map((event) => t('builder:recipes.event', { event })))
  const key = events.length === 0 ? 'needs-people' : isByHand ? 'needs-event-or-people' : 'needs-event'
  return (
    <p className={styles.needs}>
      <Leaf size={14} aria-hidden="true" />
      <span>{t(`builder:recipes.${key}`, { events: named })}</span>
    </p>
  )
}
