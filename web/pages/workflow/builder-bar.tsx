import { ActionIcon, Button, Menu, SegmentedControl } from '@mantine/core'
import { ChevronLeft, ChevronRight, Settings, UserPlus } from 'lucide-react'
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
  return (
    <header className={css.top} data-phone={isPhone || undefined}>
      <Link to="/workflows" className={css.back} aria-label={t('bar.all')}>
        {isPhone ? <ChevronLeft size={20} aria-hidden /> : <Mark size={26} />}
      </Link>
      {!isPhone && (
        <>
          <Link to="/workflows" className={css.crumb} tabIndex={-1} aria-hidden="true">
            {t('bar.workflows')}
          </Link>
          <ChevronRight size={14} aria-hidden className={css.crumb} />
        </>
      )}
      <h1 className={css.name}>{name}</h1>
      {chip}
      <SaveChip text={text} />
      <span className={css.space} />
      {!isPhone && <UndoButtons text={text} />}
      <SegmentedControl
        value={view}
        onChange={(next) => onView(next === 'outline' ? 'outline' : 'canvas')}
        data={['canvas', 'outline'].map((value) => ({ value, label: t(`bar.${value}`) }))}
        aria-label={t('bar.view')}
      />
      {!isPhone && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t('bar.more')}>
              <Settings size={17} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<Settings size={15} aria-hidden />}
              onClick={() => store.getState().select([SETTINGS_NODE], true)}
            >
              {t('bar.settings')}
            </Menu.Item>
            <Menu.Item leftSection={<UserPlus size={15} aria-hidden />} onClick={onAddPeople}>
              {t('add-people.open')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <ProblemsButton text={text} onJump={onJump} onEmail={onEmail} />
      <Button variant="filled" onClick={onPublish}>
        {t('bar.publish')}
      </Button>
    </header>
  )
}
