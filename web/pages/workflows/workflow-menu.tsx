import { ActionIcon, Menu } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Archive, ArchiveRestore, Ellipsis, Pencil } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { WorkflowSummary } from '../../../shared/api/workflows.ts'
import { archiveWorkflow, restoreWorkflow, workflowsKey } from '../../api/workflows.ts'
import { useToast } from '../../app/toast.tsx'
import tables from '../../ui/table.module.css'

/** Open, archive, restore. Archiving happens at once and can be taken back. */
export function WorkflowMenu({ workflow }: { workflow: WorkflowSummary }) {
  const { t } = useTranslation('app')
  const toast = useToast()
  const client = useQueryClient()
  const onSettled = () => client.invalidateQueries({ queryKey: workflowsKey })
  const restore = useMutation({
    mutationFn: () => restoreWorkflow(workflow.id),
    onSettled,
    onError: (error) => toast.failed(t('workflows.notRestored', { name: workflow.name }), error),
  })
  const archive = useMutation({
    mutationFn: () => archiveWorkflow(workflow.id),
    onSettled,
    onSuccess: () => toast.undoable(t('workflows.archived', { name: workflow.name }), () => restore.mutate()),
    onError: (error) => toast.failed(t('workflows.notArchived', { name: workflow.name }), error),
  })
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon className={tables.above ?? ''} aria-label={t('workflows.menu', { name: workflow.name })}>
          <Ellipsis size={17} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to={`/workflows/${workflow.id}`}
          leftSection={<Pencil size={15} aria-hidden="true" />}
        >
          {t('workflows.open')}
        </Menu.Item>
        {workflow.status === 'archived' ? (
          <Menu.Item leftSection={<ArchiveRestore size={15} aria-hidden="true" />} onClick={() => restore.mutate()}>
            {t('workflows.restore')}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<Archive size={15} aria-hidden="true" />} onClick={() => archive.mutate()}>
            {t('workflows.archive')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
