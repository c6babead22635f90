import { Button, Group, Modal, Progress, SegmentedControl } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Condition } from '../../../shared/condition/schema.ts'
import { conditionSchema } from '../../../shared/condition/schema.ts'
import { cancelJob, useJob } from '../../api/jobs.ts'
import { addPeople } from '../../api/workflows.ts'
import { useEditor } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import { useReturnFocus } from '../../editor/use-return-focus.ts'
import { AudienceCountNote } from '../../panels/condition/audience-count.tsx'
import { ConditionBuilder } from '../../panels/condition/condition-builder.tsx'
import type { PanelServer } from '../../panels/server.ts'
import css from './dialogs.module.css'

type Props = { text: BuilderText; workflowId: string; liveVersion: number | null; server: PanelServer; onClose(): void }

/** Put people of today into the live version, through the same gate as everybody. */
export function AddPeopleDialog({ text, workflowId, liveVersion, server, onClose }: Props) {
  const { t } = text
  useReturnFocus()
  const [jobId, setJobId] = useState<string | null>(null)
  return (
    <Modal
      opened
      onClose={onClose}
      size={620}
      padding="xl"
      title={t('add-people.title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {liveVersion === null ? (
        <p className={css.say}>{t('add-people.not-live')}</p>
      ) : jobId !== null ? (
        <JobProgress text={text} jobId={jobId} onClose={onClose} />
      ) : (
        <WhoForm {...{ text, workflowId, server, onClose }} onStarted={setJobId} />
      )}
    </Modal>
  )
}

type FormProps = Omit<Props, 'liveVersion'> & { onStarted(jobId: string): void }

/** Everybody, or whom a condition fits, and how many that are. */
function WhoForm({ text, workflowId, server, onClose, onStarted }: FormProps) {
  const { t } = text
  const hasManual = useEditor((s) => s.document.triggers.some((trigger) => trigger.kind === 'manual'))
  const [who, setWho] = useState<string>('everybody')
  const [condition, setCondition] = useState<Condition | null>(null)
  const adding = useMutation({
    mutationFn: () => addPeople(workflowId, { audience: who === 'everybody' ? null : condition }),
    onSuccess: (answer) => {
      if (answer.kind === 'started') onStarted(answer.jobId)
    },
  })
  const asked = who === 'everybody' ? null : condition
  const isReady = who === 'everybody' || (condition !== null && conditionSchema.safeParse(condition).success)
  const names = { fields: server.fields, emails: {}, eventName: null }
  return (
    <>
      <p className={css.say}>{t(hasManual ? 'add-people.say' : 'add-people.no-manual')}</p>
      <SegmentedControl
        fullWidth
        aria-label={t('add-people.who')}
        value={who}
        onChange={setWho}
        data={['everybody', 'some'].map((value) => ({ value, label: t(`add-people.${value}`) }))}
      />
      {who === 'some' && (
        <div className={css.builder}>
          <ConditionBuilder
            condition={condition}
            onChange={setCondition}
            names={names}
            kinds={['attribute', 'tag', 'event', 'consent']}
            text={text}
          />
        </div>
      )}
      <AudienceCountNote condition={asked} server={server} text={text} />
      {adding.isError && (
        <p role="alert" className={css.bad}>
          {t('add-people.failed')} {adding.error.message}
        </p>
      )}
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button variant="filled" disabled={!isReady} loading={adding.isPending} onClick={() => adding.mutate()}>
          {t('add-people.do')}
        </Button>
      </Group>
    </>
  )
}

function JobProgress({ text: { t, formats }, jobId, onClose }: { text: BuilderText; jobId: string; onClose(): void }) {
  const { data: job, error } = useJob(jobId)
  const cancelling = useMutation({ mutationFn: () => cancelJob(jobId) })
  if (error !== null) return <p role="alert">{error.message}</p>
  if (job === undefined) return <p className={css.say}>{t('add-people.starting')}</p>
  const isRunning = job.status === 'running'
  const share = job.total === null || job.total === 0 ? (isRunning ? 0 : 1) : job.done / job.total
  return (
    <>
      <p className={css.say} role="status">
        {t(`add-people.status-${job.status}`, {
          done: formats.count(job.done),
          total: formats.count(job.total ?? job.done),
        })}
      </p>
      <Progress value={share * 100} aria-label={t('add-people.progress')} />
      <dl className={css.counts}>
        {Object.entries(job.counts).map(([reason, count]) => (
          <div key={reason}>
            <dt>{reason === 'enrolled' || reason === 'entered' ? t('add-people.enrolled') : t(`why:${reason}`)}</dt>
            <dd>{formats.count(count)}</dd>
          </div>
        ))}
      </dl>
      {job.problem !== null && <p className={css.bad}>{job.problem}</p>}
      <Group justify="flex-end" mt="lg">
        {isRunning && (
          <Button loading={cancelling.isPending} onClick={() => cancelling.mutate()}>
            {t('cancel')}
          </Button>
        )}
        <Button variant="filled" onClick={onClose}>
          {t(isRunning ? 'add-people.background' : 'close')}
        </Button>
      </Group>
    </>
  )
}
