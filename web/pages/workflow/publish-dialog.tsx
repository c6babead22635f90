import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useState } from 'react'
import type { PublishPreview } from '../../../shared/api/workflows.ts'
import { ApiError } from '../../api/errors.ts'
import { publish, publishPreview } from '../../api/workflows.ts'
import { useEditor } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import { useReturnFocus } from '../../editor/use-return-focus.ts'
import css from './dialogs.module.css'
import type { Live } from './live.ts'
import { PublishChanges, PublishPeople, PublishProblems } from './publish-parts.tsx'
import { problemsOf, type Session, saveOrThrow } from './use-editor-session.ts'

type Props = {
  text: BuilderText
  workflowId: string
  live: Live
  session: Session
  onClose(): void
  onJump(nodeId: string): void
  onPublished(): Promise<void>
  onAddPeople(): void
}

/** What will happen, before: who is touched, what changes, what stands against it. */
export function PublishDialog(props: Props) {
  const { text, live, onClose, onJump, onAddPeople } = props
  const { t } = text
  const { liveVersion } = live
  useReturnFocus()
  const { done, look, publishing, refused, errors } = usePublishing(props)
  const next = look.data?.nextVersion ?? (liveVersion ?? 0) + 1
  const hasManual = look.data?.hasManualTrigger === true
  if (done !== null)
    return <Published text={text} version={done} hasManual={hasManual} onClose={onClose} onAddPeople={onAddPeople} />
  return (
    <Modal
      opened
      onClose={onClose}
      size={980}
      padding={0}
      classNames={{ header: css.publishHead }}
      title={<PublishTitle text={text} live={live} next={next} isFine={look.data?.problems.length === 0} />}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {look.isPending && <p className={css.publishSay}>{t('publish.looking')}</p>}
      {look.isError && (
        <p role="alert" className={`${css.bad} ${css.publishSay}`}>
          {t('publish.look-failed')} {look.error.message}
        </p>
      )}
      {publishing.isError && refused === undefined && (
        <p role="alert" className={`${css.bad} ${css.publishSay}`}>
          {t('publish.failed')} {publishing.error.message}
        </p>
      )}
      {look.data !== undefined && (
        <Effects preview={look.data} errors={errors} text={text} onJump={onJump} onClose={onClose} />
      )}
      <Group justify="space-between" className={css.publishFoot}>
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

type TitleProps = Pick<Props, 'text' | 'live'> & { next: number; isFine: boolean }

/** Which version this becomes, what is live until then, and whether anything is wrong. */
function PublishTitle({ text: { t, formats }, live, next, isFine }: TitleProps) {
  const name = useEditor((s) => s.document.name)
  const { liveVersion, publishedAt } = live
  return (
    <span className={css.publishTitle}>
      <span>
        {t('publish.title', { version: next })}
        <span className={css.publishLead}>
          {liveVersion === null || publishedAt === null
            ? t('publish.lead-first', { name })
            : t('publish.lead', { name, version: liveVersion, time: formats.moment(publishedAt) })}
        </span>
      </span>
      {isFine && (
        <span className={css.fine}>
          <Check size={14} aria-hidden /> {t('problems.none')}
        </span>
      )}
    </span>
  )
}

type EffectsProps = Pick<Props, 'text' | 'onJump' | 'onClose'> & {
  preview: PublishPreview
  errors: ReturnType<typeof problemsOf>
}

/** People first, or what stands against it; changes beside them. */
function Effects({ preview, errors, text, onJump, onClose }: EffectsProps) {
  return (
    <div className={css.columns}>
      <div className={css.main}>
        {errors.length > 0 ? (
          <PublishProblems problems={errors} text={text} onJump={onJump} onClose={onClose} />
        ) : (
          <PublishPeople preview={preview} text={text} />
        )}
      </div>
      <div className={css.side}>
        <PublishChanges preview={preview} text={text} />
      </div>
    </div>
  )
}

/** The server's look at what would happen, and the publishing itself. */
function usePublishing({ workflowId, session, onPublished, text: { t } }: Props) {
  const [done, setDone] = useState<number | null>(null)
  const look = useQuery({
    queryKey: ['publish-preview', workflowId],
    queryFn: async () => {
      await saveOrThrow(session, t('publish.not-saved')) // the server looks at what is on screen
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
  return { done, look, publishing, refused, errors: problems.filter((p) => p.severity === 'error') }
}

type PublishedProps = Pick<Props, 'text' | 'onClose' | 'onAddPeople'> & { version: number; hasManual: boolean }

function Published({ text: { t }, version, hasManual, onClose, onAddPeople }: PublishedProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('publish.done', { version })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p className={css.say}>{t(hasManual ? 'publish.done-manual' : 'publish.done-event')}</p>
      <Group justify="flex-end">
        {hasManual && <Button onClick={onAddPeople}>{t('add-people.open')}</Button>}
        <Button variant="filled" onClick={onClose} data-autofocus>
          {t('publish.back')}
        </Button>
      </Group>
    </Modal>
  )
}
