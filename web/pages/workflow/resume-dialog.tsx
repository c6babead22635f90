import { Radio } from '@mantine/core'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { type CatchUp, resumeWorkflow } from '../../api/workflows.ts'
import { useNow } from '../../app/clock.ts'
import { useFormat } from '../../app/use-format.ts'
import type { BuilderText } from '../../editor/text.ts'
import css from './dialogs.module.css'
import { StandingDialog, type StandingProps } from './standing-dialog.tsx'

/** The harmless one first, and chosen: nothing goes out because of it. */
const POLICIES: readonly CatchUp[] = ['shift', 'send', 'skip']

/** Since when it stands still, who waits, and what becomes of the time that passed. */
export function ResumeDialog(props: StandingProps) {
  const { text, target } = props
  const { t } = text
  const [policy, setPolicy] = useState<CatchUp>('shift')
  return (
    <StandingDialog
      {...props}
      of="resume"
      size={560}
      icon={<Play size={16} aria-hidden />}
      act={() => resumeWorkflow(target.id, policy)}
    >
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
    </StandingDialog>
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
