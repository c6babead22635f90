import { CirclePause, Clock, DoorOpen, MailX, Radio } from 'lucide-react'
import { pauseWorkflow } from '../../api/workflows.ts'
import css from './dialogs.module.css'
import { StandingDialog, type StandingProps } from './standing-dialog.tsx'

const EFFECTS = [
  { key: 'clocks', Icon: Clock },
  { key: 'mail', Icon: MailX },
  { key: 'events', Icon: Radio },
  { key: 'exits', Icon: DoorOpen },
] as const

/** What standing still means, before: for people, for queued mail, for what happens meanwhile. */
export function PauseDialog(props: StandingProps) {
  const { t } = props.text
  return (
    <StandingDialog
      {...props}
      of="pause"
      size={540}
      icon={<CirclePause size={16} aria-hidden />}
      act={() => pauseWorkflow(props.target.id)}
    >
      <ul className={css.effects}>
        {EFFECTS.map(({ key, Icon }) => (
          <li key={key}>
            <Icon size={16} aria-hidden />
            <span>{t(`pause.${key}`)}</span>
          </li>
        ))}
      </ul>
      <p className={css.small}>{t('pause.later')}</p>
    </StandingDialog>
  )
}
