import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Check, Minus, OctagonAlert, Pencil, Plus, Users } from 'lucide-react'
import { useState } from 'react'
import type { PublishPreview } from '../../../shared/api/workflows.ts'
import { stepKindOf } from '../../../shared/workflow/kinds.ts'
import { ApiError } from '../../api/errors.ts'
import { publish, publishPreview } from '../../api/workflows.ts'
import { useEditor } from '../../editor/context.tsx'
import { problemText } from '../../editor/problem-text.ts'
import type { BuilderText } from '../../editor/text.ts'
import { nameOfNode } from '../../editor/use-edits.ts'
import { useReturnFocus } from '../../editor/use-return-focus.ts'
import { StepTile } from '../../ui/step-tile.tsx'
import css from './dialogs.module.css'
import { wayTo } from './problems-button.tsx'
import { problemsOf, type Session } from './use-editor-session.ts'

type Props = {
  text: BuilderText
  workflowId: string
  liveVersion: number | null
  session: Session
  onClose(): void
  onJump(nodeId: string): void
  onPublished(): Promise<void>
  onAddPeople(): void
}

/** What will happen, before: who is touched, what changes, what stands against it. */
export function PublishDialog({
  text,
  workflowId,
  liveVersion,
  session,
  onClose,
  onJump,
  onPublished,
  onAddPeople,
}: Props) {
  const { t } = text
  useReturnFocus()
  const [done, setDone] = useState<number | null>(null)
  const look = useQuery({
    queryKey: ['publish-preview', workflowId],
    queryFn: async () => {
      await session.saveNow() // the server looks at what is on screen
      return publishPreview(workflowId)
    },
    gcTime: 0,
    staleTime: 0,
    retry: 1,
  })
  const publishing = useMutation({
    mutationFn: () => publish(workflowId),
    onSuccess: async ({ version }) => {
      setDone(version)
      await onPublished()
    },
  })
  const refused = publishing.error instanceof ApiError ? publishing.error.details?.problems : undefined
  const problems = problemsOf(refused ?? look.data?.problems ?? [])
  const errors = problems.filter((p) => p.severity === 'error')
  const next = look.data?.nextVersion ?? (liveVersion ?? 0) + 1
  if (done !== null)
    return (
      <Modal
        opened
        onClose={onClose}
        title={t('publish.done', { version: done })}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <p className={css.say}>
          {t(look.data?.hasManualTrigger === true ? 'publish.done-manual' : 'publish.done-event')}
        </p>
        <Group justify="flex-end">
          {look.data?.hasManualTrigger === true && <Button onClick={onAddPeople}>{t('add-people.open')}</Button>}
          <Button variant="filled" onClick={onClose} data-autofocus>
            {t('publish.back')}
          </Button>
        </Group>
      </Modal>
    )
  return (
    <Modal
      opened
      onClose={onClose}
      size={940}
      padding="xl"
      title={t('publish.title', { version: next })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {look.isPending && <p className={css.say}>{t('publish.looking')}</p>}
      {look.isError && (
        <p role="alert" className={css.bad}>
          {t('publish.look-failed')} {look.error.message}
        </p>
      )}
      {publishing.isError && refused === undefined && (
        <p role="alert" className={css.bad}>
          {t('publish.failed')} {publishing.error.message}
        </p>
      )}
      {look.data !== undefined && (
        <div className={css.columns}>
          <div>
            {errors.length > 0 ? (
              <Problems problems={errors} text={text} onJump={onJump} onClose={onClose} />
            ) : (
              <People preview={look.data} text={text} liveVersion={liveVersion} />
            )}
          </div>
          <div className={css.side}>
            <Changes preview={look.data} text={text} />
          </div>
        </div>
      )}
      <Group justify="space-between" className={css.foot}>
        <span className={css.small}>
          {t(liveVersion === null ? 'publish.foot-first' : 'publish.foot', { version: liveVersion ?? 0 })}
        </span>
        <Group gap="sm">
          <Button onClick={onClose}>{t('publish.keep')}</Button>
          <Button
            variant="filled"
            loading={publishing.isPending}
            disabled={look.data === undefined || errors.length > 0}
            onClick={() => publishing.mutate()}
          >
            {t('publish.do', { version: next })}
          </Button>
        </Group>
      </Group>
    </Modal>
  )
}

type ProblemsProps = {
  problems: ReturnType<typeof problemsOf>
  text: BuilderText
  onJump(nodeId: string): void
  onClose(): void
}

function Problems({ problems, text, onJump, onClose }: ProblemsProps) {
  const document = useEditor((s) => s.document)
  return (
    <>
      <h3 className={css.h}>{text.t('publish.problems', { count: problems.length })}</h3>
      <ul className={css.problems}>
        {problems.map((problem) => {
          const stepOfEmail = (key: string) => document.steps.find((s) => s.email === key)?.id
          const { where, go } = wayTo(problem, document, text, {
            onJump,
            onEmail: (key) => onJump(stepOfEmail(key) ?? key),
          })
          return (
            <li key={`${problem.code}${problem.path}${problem.message}`}>
              <OctagonAlert size={16} aria-hidden />
              <div>
                {where !== null && <b>{where}: </b>}
                {problemText(problem, text.t)}
              </div>
              {go !== null && (
                <Button
                  size="compact-sm"
                  onClick={() => {
                    onClose()
                    go()
                  }}
                >
                  {text.t('publish.go')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}

function People({
  preview,
  text,
  liveVersion,
}: {
  preview: PublishPreview
  text: BuilderText
  liveVersion: number | null
}) {
  const { t, formats } = text
  const document = useEditor((s) => s.document)
  const inside = preview.inside.reduce((sum, row) => sum + row.people, 0)
  const steps = preview.inside.filter((row) => row.people > 0)
  return (
    <>
      <div className={css.card}>
        <Users size={18} aria-hidden />
        <div>
          <b className={css.number}>
            {t('publish.can-enter', { count: preview.canEnter, number: formats.count(preview.canEnter) })}
          </b>
          <div className={css.small}>
            {preview.lackConsent === 0
              ? t('publish.all-consent')
              : t('publish.lack-consent', { count: preview.lackConsent, number: formats.count(preview.lackConsent) })}
          </div>
          <div className={css.small}>
            {t(preview.hasManualTrigger ? 'publish.enters-manual' : 'publish.enters-event')}
          </div>
        </div>
      </div>
      <h3 className={css.h}>
        {inside === 0
          ? t('publish.nobody-inside')
          : t('publish.inside', { count: inside, number: formats.count(inside), version: liveVersion ?? 0 })}
      </h3>
      {steps.length > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th>{t('publish.waiting-at')}</th>
              <th className={css.right}>{t('publish.people')}</th>
              <th>{t('publish.so-that')}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((row) => (
              <tr key={row.stepId}>
                <td>
                  <span className={css.step}>
                    <StepTile family={stepKindOf(row.kind)?.family ?? 'action'} kind={row.kind} size={24} />{' '}
                    {row.inDraft ? nameOfNode(document, row.stepId, text) : row.title || t(`kind.${row.kind}.name`)}
                  </span>
                </td>
                <td className={css.right}>{formats.count(row.people)}</td>
                <td className={css.small}>
                  {t(row.inDraft ? 'publish.finish' : 'publish.finish-removed', { version: liveVersion ?? 0 })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function Changes({ preview, text }: { preview: PublishPreview; text: BuilderText }) {
  const document = useEditor((s) => s.document)
  const { t } = text
  return (
    <>
      <h3 className={css.h}>{t('publish.changes', { count: preview.changes.length })}</h3>
      {preview.changes.length === 0 && <p className={css.small}>{t('publish.no-changes')}</p>}
      <ul className={css.changes}>
        {preview.changes.map((change) => (
          <li key={`${change.change}${change.stepId}`} data-change={change.change}>
            {change.change === 'added' ? (
              <Plus size={14} aria-hidden />
            ) : change.change === 'removed' ? (
              <Minus size={14} aria-hidden />
            ) : (
              <Pencil size={14} aria-hidden />
            )}
            <span>
              <b>
                {change.change === 'removed'
                  ? change.title || change.stepId
                  : nameOfNode(document, change.stepId, text)}
              </b>{' '}
              {t(`publish.${change.change}`)}
            </span>
          </li>
        ))}
      </ul>
      {preview.problems.length === 0 && (
        <p className={css.good}>
          <Check size={14} aria-hidden /> {t('problems.none')}
        </p>
      )}
    </>
  )
}
