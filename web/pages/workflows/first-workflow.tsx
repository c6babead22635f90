import { Button } from '@mantine/core'
import { ArrowRight, ChevronRight, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { usePageTitle } from '../../app/page.tsx'
import { Sprout } from '../../ui/sprout.tsx'
import { StepTile } from '../../ui/step-tile.tsx'
import styles from './first-workflow.module.css'
import { useNewWorkflow } from './use-new-workflow.ts'
import { useRecipes } from './use-recipes.ts'

/** The first page of a new workspace: what will be here and three ways to begin. */
export function FirstWorkflow() {
  const { t } = useTranslation(['app', 'builder'])
  const recipes = useRecipes()
  const navigate = useNavigate()
  const create = useNewWorkflow()
  usePageTitle(t('workflows.title'))
  return (
    <div className={styles.first}>
      <Sprout />
      <h1 className={styles.title}>{t('workflows.first.title')}</h1>
      <p className={styles.lead}>{t('workflows.first.lead')}</p>
      <ul className={styles.offers}>
        {recipes.map(({ name, document, summary }) => (
          <Offer
            key={name}
            tile={<StepTile family="trigger" kind={document.triggers[0]?.kind ?? 'event'} />}
            name={t(`workflows.first.${name}.name`)}
            text={summary}
            onClick={() => create.fromRecipe(name)}
          />
        ))}
        <Offer
          tile={<StepTile family="trigger" kind="manual" />}
          name={t('workflows.first.import.name')}
          text={t('workflows.first.import.text')}
          onClick={() => void navigate('/contacts/import')}
        />
      </ul>
      <Link to="/workflows/new" className={styles.all}>
        {t('builder:recipes.compare')} <ArrowRight size={15} aria-hidden="true" />
      </Link>
      <Button
        size="md"
        variant="filled"
        className={styles.start ?? ''}
        leftSection={<Plus size={17} aria-hidden="true" />}
        onClick={create.fromScratch}
        loading={create.isCreating !== null}
      >
        {t('workflows.first.scratch.name')}
      </Button>
    </div>
  )
}

type OfferProps = { tile: ReactNode; name: string; text: string; onClick: () => void }

function Offer({ tile, name, text, onClick }: OfferProps) {
  return (
    <li>
      <button type="button" className={styles.offer} onClick={onClick}>
        {tile}
        <span className={styles.words}>
          <span className={styles.name}>{name}</span>
          <span className={styles.text}>{text}</span>
        </span>
        <ChevronRight size={17} aria-hidden="true" />
      </button>
    </li>
  )
}
