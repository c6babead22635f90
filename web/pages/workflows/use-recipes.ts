import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import { RECIPES, type RecipeName, recipe } from '../../../shared/workflow/recipes.ts'
import { useLanguageChoice } from '../../app/use-language.ts'

export type Recipe = { name: RecipeName; document: WorkflowDocument; summary: string }

/** Every ready-made workflow in the language of the interface, as it would be begun. */
export function useRecipes(): readonly Recipe[] {
  const { t } = useTranslation('steps')
  const { language } = useLanguageChoice()
  return useMemo(
    () =>
      RECIPES.map((name) => ({
        name,
        document: recipe(name, language),
        summary: t(`recipe.${name}.summary`),
      })),
    [language, t],
  )
}
