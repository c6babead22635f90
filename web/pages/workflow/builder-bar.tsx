import { ActionIcon, Button, Menu, SegmentedControl } from '@mantine/core'
import { ChevronLeft, ChevronRight, Ellipsis, List, Settings, UserPlus, Workflow } from 'lucide-react'
import { Link } from 'react-router'
import { useEditor, useEditorStore } from '../../editor/context.tsx'
import { SETTINGS_NODE } from '../../editor/slice.ts'
import type { BuilderText } from '../../editor/text.ts'
import { Mark } from '../../ui/mark.tsx'
import type { Live } from './live.ts'
import { ProblemsButton } from './problems-button.tsx'
import { SaveChip } from './save-chip.tsx'
import { UndoButtons } from './undo-buttons.tsx'
import css from './workflow-page.module.css'

export type BuilderView = 'canvas' | 'outline'
type Props = {
  text: BuilderText
  live: Live
  view: BuilderView
  onView(view: BuilderView): void
  isPhone: boolean
  onPublish(): void
  onAddPeople(): void
  onJump(nodeId: string): void
  onEmail(key: string): void
}

/** Where am I, what is live, what is in the draft; undo; canvas or outline; problems; publish. */
export function BuilderBar({ text, live, view, onView, isPhone, onPublish, onAddPeople, onJump, onEmail }: Props) {
  const store = useEditorStore()
  const name = useEditor((s) => s.document.name)
  const { t } = text
  const status =
    live.liveVersion === null ? 'never' : live.status === 'paused' || live.status === 'archived' ? live.status : 'live'
  const chip = (
    <span
      className={css.chip}
      data-state={status}
      title={
        live.publishedAt === null ? undefined : t('chip.published', { time: text.formats.moment(live.publishedAt) })
      }
    >
      {status === 'live' && <span className={css.beat} aria-hidden="true" />}
      {t(`chip.${status}`, { version: live.liveVersion ?? 0 })}
    </span>
  )
  const menu = (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t('bar.more')}>
          {isPhone ? <Ellipsis size={18} aria-hidden /> : <Settings size={17} aria-hidden />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!isPhone && (
          <Menu.Item
            leftSection={<Settings size={15} aria-hidden />}
            onClick={() => store.getState().select([SETTINGS_NODE], true)}
          >
            {t('bar.settings')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<UserPlus size={15} aria-hidden />} onClick={onAddPeople}>
          {t('add-people.open')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
  if (isPhone)
    return (
      <header className={css.topPhone}>
        <div className={css.phoneRow}>
          <Link to="/workflows" className={css.back} aria-label={t('bar.all')}>
            <ChevronLeft size={20} aria-hidden />
          </Link>
          <h1 className={css.name}>{name}</h1>
          <span className={css.space} />
          {menu}
        </div>
        <div className={css.phoneRow}>
          <span className={css.chips}>
            {chip}
            <SaveChip text={text} />
          </span>
          <span className={css.space} />
          <ViewSwitch text={text} view={view} onView={onView} isPhone />
        </div>
      </header>
    )
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
      {chip}
      <SaveChip text={text} />
      <span className={css.space} />
      <UndoButtons text={text} />
      <ViewSwitch text={text} view={view} onView={onView} isPhone={false} />
      {menu}
      <ProblemsButton text={text} onJump={onJump} onEmail={onEmail} />
      <Button variant="filled" onClick={onPublish}>
        {t('bar.publish')}
      </Button>
    </header>
  )
}

/** On a phone what can be done stands in the foot, near the thumb. */
export function BuilderFoot({
  text,
  onPublish,
  onJump,
  onEmail,
}: Pick<Props, 'text' | 'onPublish' | 'onJump' | 'onEmail'>) {
  return (
    <footer className={css.foot}>
      <ProblemsButton text={text} onJump={onJump} onEmail={onEmail} />
      <Button variant="filled" size="md" className={css.footMain ?? ''} onClick={onPublish}>
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
