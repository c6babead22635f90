import { ActionIcon, Menu } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Archive, ArchiveRestore, Ellipsis, Pause, Pencil, Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { WorkflowSummary } from '../../../shared/api/workflows.ts'
import { useSession } from '../../api/session.ts'
import { archiveWorkflow, restoreWorkflow, workflowsKey } from '../../api/workflows.ts'
import { useToast } from '../../app/toast.tsx'
import { useBuilderText } from '../../editor/text.ts'
import tables from '../../ui/table.module.css'
import { pageDates } from '../workflow/page-dates.ts'
import { PauseDialog } from '../workflow/pause-dialog.tsx'
import { ResumeDialog } from '../workflow/resume-dialog.tsx'

/** Open, pause or resume, archive, restore. Archiving happens at once and can be taken back; pausing says first what it does. */
export function WorkflowMenu({ workflow }: { workflow: WorkflowSummary }) {
  const { t } = useTranslation(['app', 'builder'])
  const { archive, restore } = useArchiving(workflow)
  const [asked, setAsked] = useState<'pause' | 'resume' | null>(null)
  const isBusy = workflow.job !== null
  return (
    <>
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
          {workflow.status === 'live' && (
            <Menu.Item
              leftSection={<Pause size={15} aria-hidden="true" />}
              disabled={isBusy}
              onClick={() => setAsked('pause')}
            >
              {t('builder:pause.open')}
            </Menu.Item>
          )}
          {workflow.status === 'paused' && (
            <Menu.Item
              leftSection={<Play size={15} aria-hidden="true" />}
              disabled={isBusy}
              onClick={() => setAsked('resume')}
            >
              {t('builder:resume.open')}
            </Menu.Item>
          )}
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
      {asked !== null && <Standing workflow={workflow} asked={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

function useArchiving(workflow: WorkflowSummary) {
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
  return { archive, restore }
}

type StandingProps = { workflow: WorkflowSummary; asked: 'pause' | 'resume'; onClose(): void }

/** The same questions as in the workflow itself. */
function Standing({ workflow, asked, onClose }: StandingProps) {
  const client = useQueryClient()
  const text = useBuilderText(useSession().data?.workspace?.timezone ?? 'UTC', pageDates)
  const props = {
    text,
    target: workflow,
    onDone: () => client.invalidateQueries({ queryKey: workflowsKey }),
    onClose,
  }
  return asked === 'pause' ? <PauseDialog {...props} /> : <ResumeDialog {...props} />
}
