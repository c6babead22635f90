import { Button } from '@mantine/core'
import { ChevronRight, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { usePageTitle } from '../../app/page.tsx'
import { Sprout } from '../../ui/sprout.tsx'
import { StepTile, type TileFamily } from '../../ui/step-tile.tsx'
import styles from './first-workflow.module.css'
import { useNewWorkflow } from './use-new-workflow.ts'

/** The first page of a new workspace: what will be here and three ways to begin. */
export function FirstWorkflow() {
  const { t } = useTranslation('app')
  const navigate = useNavigate()
  const create = useNewWorkflow()
  usePageTitle(t('workflows.title'))
  return (
    <div className={styles.first}>
      <Sprout />
      <h1 className={styles.title}>{t('workflows.first.title')}</h1>
      <p className={styles.lead}>{t('workflows.first.lead')}</p>
      <ul className={styles.offers}>
        <Offer name="welcome" family="trigger" kind="event" onClick={create.fromWelcome} />
        <Offer name="scratch" family="logic" kind="branch" onClick={create.fromScratch} />
        <Offer name="import" family="trigger" kind="manual" onClick={() => void navigate('/contacts/import')} />
      </ul>
      <Button
        size="md"
        variant="filled"
        className={styles.start ?? ''}
        leftSection={<Plus size={17} aria-hidden="true" />}
        onClick={create.fromWelcome}
        loading={create.isCreating !== null}
      >
        {t('workflows.first.start')}
      </Button>
    </div>
  )
}

type OfferProps = { name: 'welcome' | 'scratch' | 'import'; family: TileFamily; kind: string; onClick: () => void }

function Offer({ name, family, kind, onClick }: OfferProps) {
  const { t } = useTranslation('app')
  return (
    <li>
      <button type="button" className={styles.offer} onClick={onClick}>
        <StepTile family={family} kind={kind} />
        <span className={styles.words}>
          <span className={styles.name}>{t(`workflows.first.${name}.name`)}</span>
          <span className={styles.text}>{t(`workflows.first.${name}.text`)}</span>
        </span>
        <ChevronRight size={17} aria-hidden="true" />
      </button>
    </li>
  )
}
