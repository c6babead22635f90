import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { emptyDocument } from '../../../shared/workflow/document.ts'
import type { RecipeName } from '../../../shared/workflow/recipes.ts'
import { createWorkflow, workflowsKey } from '../../api/workflows.ts'
import { useToast } from '../../app/toast.tsx'
import { useLanguageChoice } from '../../app/use-language.ts'

type Origin = 'scratch' | RecipeName

/** Make a draft and open it. Nothing is sent before it is published. */
export function useNewWorkflow() {
  const { t } = useTranslation('app')
  const { language } = useLanguageChoice()
  const navigate = useNavigate()
  const client = useQueryClient()
  const toast = useToast()
  const create = useMutation({
    mutationFn: (origin: Origin) =>
      createWorkflow(
        origin === 'scratch' ? emptyDocument(t('workflows.untitled')) : { recipe: origin, locale: language },
      ),
    onSuccess: async ({ id }) => {
      await navigate(`/workflows/${id}`)
      await client.invalidateQueries({ queryKey: workflowsKey })
    },
    onError: (error) => toast.failed(t('workflows.notCreated'), error),
  })
  return {
    fromScratch: () => create.mutate('scratch'),
    fromRecipe: (name: RecipeName) => create.mutate(name),
    isCreating: create.isPending ? create.variables : null,
  }
}
