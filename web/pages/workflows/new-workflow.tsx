import { Button } from '@mantine/core'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../app/page.tsx'
import { RecipeCard } from './recipe-card.tsx'
import styles from './recipes.module.css'
import { useNewWorkflow } from './use-new-workflow.ts'
import { useRecipes } from './use-recipes.ts'

/** Where a workflow begins: a recipe with its emails, or an empty canvas. */
export function NewWorkflow() {
  const { t } = useTranslation(['app', 'builder'])
  const create = useNewWorkflow()
  const recipes = useRecipes()
  return (
    <Page
      title={t('builder:recipes.title')}
      lead={t('builder:recipes.lead')}
      trail={[{ label: t('workflows.title'), to: '/workflows' }]}
      actions={
        <Button
          variant="filled"
          leftSection={<Plus size={16} aria-hidden="true" />}
          onClick={create.fromScratch}
          loading={create.isCreating === 'scratch'}
        >
          {t('builder:recipes.blank')}
        </Button>
      }
    >
      <ul className={styles.cards} aria-label={t('builder:recipes.list')}>
        {recipes.map(({ name, document, summary }) => (
          <li key={name}>
            <RecipeCard
              document={document}
              summary={summary}
              isStarting={create.isCreating === name}
              onStart={() => create.fromRecipe(name)}
            />
          </li>
        ))}
      </ul>
    </Page>
  )
}
