import { ActionIcon, Menu } from '@mantine/core'
import { Ellipsis, Pause, Play, Settings, UserPlus } from 'lucide-react'
import { useEditorStore } from '../../editor/context.tsx'
import { SETTINGS_NODE } from '../../editor/slice.ts'
import type { BuilderText } from '../../editor/text.ts'
import type { Live } from './live.ts'

type Props = {
  text: BuilderText
  live: Live
  isPhone: boolean
  onAddPeople(): void
  onPause(): void
  onResume(): void
}

/** What is done to the workflow as a whole, and seldom: settings, people, standing still. */
export function BarMenu({ text: { t }, live, isPhone, onAddPeople, onPause, onResume }: Props) {
  const store = useEditorStore()
  return (
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
        {live.status === 'live' && (
          <Menu.Item leftSection={<Pause size={15} aria-hidden />} disabled={live.job !== null} onClick={onPause}>
            {t('pause.open')}
          </Menu.Item>
        )}
        {live.status === 'paused' && (
          <Menu.Item leftSection={<Play size={15} aria-hidden />} disabled={live.job !== null} onClick={onResume}>
            {t('resume.open')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
