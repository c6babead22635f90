import { Button, SegmentedControl } from '@mantine/core'
import { ChevronLeft, ChevronRight, List, Pause, Workflow } from 'lucide-react'
import { Link } from 'react-router'
import { useEditor } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import { Mark } from '../../ui/mark.tsx'
import { BarMenu } from './bar-menu.tsx'
import type { Live } from './live.ts'
import { ProblemsButton } from './problems-button.tsx'
import { SaveChip } from './save-chip.tsx'
import type { StageDialog } from './stage-dialogs.tsx'
import { UndoButtons } from './undo-buttons.tsx'
import css from './workflow-page.module.css'

export type BuilderView = 'canvas' | 'outline'
type Props = {
  text: BuilderText
  live: Live
  view: BuilderView
  onView(view: BuilderView): void
  isPhone: boolean
  onOpen(dialog: StageDialog): void
  onJump(nodeId: string): void
  onEmail(key: string): void
}

/** Where am I, what is live, what is in the draft; undo; canvas or outline; problems; publish. */
export function BuilderBar(props: Props) {
  return props.isPhone ? <PhoneBar {...props} /> : <WideBar {...props} />
}

function WideBar({ text, live, view, onView, onOpen, onJump, onEmail }: Props) {
  const name = useEditor((s) => s.document.name)
  const { t } = text
  return (
    <header className={css.top}>
      <Link to="/workflows" className={css.back} aria-label={t('bar.all')}>
        <Mark size={26} />
      </Link>
      <Link to="/workflows" className={css.crumb} tabIndex={-1} aria-hidden="true">
        {t('bar.workflows')}
      </Link>
      <ChevronRight size={14} aria-hidden className={css.crumb} />
      <h1 className={css.name}>{name}</h1>
      <LiveChip text={text} live={live} />
      <SaveChip text={text} />
      <span className={css.space} />
      <UndoButtons text={text} />
      <ViewSwitch text={text} view={view} onView={onView} isPhone={false} />
      <WholeMenu text={text} live={live} onOpen={onOpen} isPhone={false} />
      <ProblemsButton text={text} onJump={onJump} onEmail={onEmail} />
      <Button variant="filled" onClick={() => onOpen('publish')}>
        {t('bar.publish')}
      </Button>
    </header>
  )
}

function PhoneBar({ text, live, view, onView, onOpen }: Props) {
  const name = useEditor((s) => s.document.name)
  return (
    <header className={css.topPhone}>
      <div className={css.phoneRow}>
        <Link to="/workflows" className={css.back} aria-label={text.t('bar.all')}>
          <ChevronLeft size={20} aria-hidden />
        </Link>
        <h1 className={css.name}>{name}</h1>
        <span className={css.space} />
        <WholeMenu text={text} live={live} onOpen={onOpen} isPhone />
      </div>
      <div className={css.phoneRow}>
        <span className={css.chips}>
          <LiveChip text={text} live={live} />
          <SaveChip text={text} />
        </span>
        <span className={css.space} />
        <ViewSwitch text={text} view={view} onView={onView} isPhone />
      </div>
    </header>
  )
}

function WholeMenu({ onOpen, ...rest }: Pick<Props, 'text' | 'live' | 'onOpen' | 'isPhone'>) {
  return (
    <BarMenu
      {...rest}
      onAddPeople={() => onOpen('add-people')}
      onPause={() => onOpen('pause')}
      onResume={() => onOpen('resume')}
    />
  )
}

function LiveChip({ text, live }: Pick<Props, 'text' | 'live'>) {
  const { t, formats } = text
  const isAside = live.status === 'paused' || live.status === 'archived'
  const status = live.liveVersion === null ? 'never' : isAside ? live.status : 'live'
  const published =
    live.publishedAt === null ? {} : { title: t('chip.published', { time: formats.moment(live.publishedAt) }) }
  return (
    <span className={css.chip} data-state={status} {...published}>
      {status === 'live' && <span className={css.beat} aria-hidden="true" />}
      {status === 'paused' && <Pause size={12} aria-hidden />}
      {t(`chip.${status}`, { version: live.liveVersion ?? 0 })}
    </span>
  )
}

/** On a phone what can be done stands in the foot, near the thumb. */
export function BuilderFoot({ text, onOpen, onJump, onEmail }: Pick<Props, 'text' | 'onOpen' | 'onJump' | 'onEmail'>) {
  return (
    <footer className={css.foot}>
      <ProblemsButton text={text} onJump={onJump} onEmail={onEmail} />
      <Button variant="filled" size="md" className={css.footMain ?? ''} onClick={() => onOpen('publish')}>
        {text.t('bar.publish')}
      </Button>
    </footer>
  )
}

const ICONS = { outline: List, canvas: Workflow } as const

function ViewSwitch({ text: { t }, view, onView, isPhone }: Pick<Props, 'text' | 'view' | 'onView' | 'isPhone'>) {
  const label = (value: BuilderView) => {
    const Icon = ICONS[value]
    if (!isPhone) return t(`bar.${value}`)
    return (
      <>
        <Icon size={18} aria-hidden />
        <span className="p-hidden">{t(`bar.${value}`)}</span>
      </>
    )
  }
  const order: readonly BuilderView[] = isPhone ? ['outline', 'canvas'] : ['canvas', 'outline']
  return (
    <SegmentedControl
      value={view}
      onChange={(next) => onView(next === 'outline' ? 'outline' : 'canvas')}
      data={order.map((value) => ({ value, label: label(value) }))}
      aria-label={t('bar.view')}
    />
  )
}
