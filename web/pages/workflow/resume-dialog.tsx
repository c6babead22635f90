import { Button, Group, Modal, Radio } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { type CatchUp, resumeWorkflow } from '../../api/workflows.ts'
import { useNow } from '../../app/clock.ts'
import { useFormat } from '../../app/use-format.ts'
import type { BuilderText } from '../../editor/text.ts'
import { useReturnFocus } from '../../editor/use-return-focus.ts'
import css from './dialogs.module.css'
import type { PauseTarget } from './pause-dialog.tsx'

type Props = { text: BuilderText; target: PauseTarget; onDone(): Promise<unknown>; onClose(): void }

/** The harmless one first, and chosen: nothing goes out because of it. */
const POLICIES: readonly CatchUp[] = ['shift', 'send', 'skip']

/** Since when it stands still, who waits, and what becomes of the time that passed. */
export function ResumeDialog({ text, target, onDone, onClose }: Props) {
  const { t, formats } = text
  useReturnFocus()
  const [policy, setPolicy] = useState<CatchUp>('shift')
  const resuming = useMutation({
    mutationFn: () => resumeWorkflow(target.id, policy),
    onSuccess: async () => {
      await onDone()
      onClose()
    },
  })
  const people = { count: target.waiting, number: formats.count(target.waiting) }
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      padding="xl"
      title={t('resume.title', { name: target.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p className={css.lead}>{target.waiting === 0 ? t('resume.waiting-none') : t('resume.waiting', people)}</p>
      {target.pausedAt !== null && <Since text={text} pausedAt={target.pausedAt} />}
      <Radio.Group
        label={t('resume.which')}
        value={policy}
        onChange={(value) => setPolicy(POLICIES.find((known) => known === value) ?? 'shift')}
      >
        <div className={css.policies}>
          {POLICIES.map((value) => (
            <Radio.Card key={value} value={value} className={css.policy ?? ''}>
              <Radio.Indicator />
              <span>
                <span className={css.policyName}>{t(`resume.${value}.name`)}</span>
                <span className={css.policyText}>{t(`resume.${value}.effect`)}</span>
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {resuming.isError && (
        <p role="alert" className={css.bad}>
          {t('resume.failed')} {resuming.error.message}
        </p>
      )}
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>{t('resume.keep')}</Button>
        <Button
          variant="filled"
          leftSection={<Play size={16} aria-hidden />}
          loading={resuming.isPending}
          onClick={() => resuming.mutate()}
        >
          {target.waiting === 0 ? t('resume.do-none') : t('resume.do', people)}
        </Button>
      </Group>
    </Modal>
  )
}

function Since({ text: { t, formats }, pausedAt }: { text: BuilderText; pausedAt: string }) {
  const { duration } = useFormat()
  const now = useNow(30_000)
  const passedMs = wholeUnits(Math.max(0, now - Date.parse(pausedAt)))
  return (
    <p className={css.small}>{t('resume.since', { time: formats.moment(pausedAt), duration: duration(passedMs) })}</p>
  )
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Nobody asks for tenths of a second of a pause, nor for seconds once it has lasted minutes. */
function wholeUnits(ms: number): number {
  const unit = ms < MINUTE_MS ? SECOND_MS : MINUTE_MS
  return ms < HOUR_MS ? Math.floor(ms / unit) * unit : ms
}
