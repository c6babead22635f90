import { Menu } from '@mantine/core'
import type { StepKindName } from '../../shared/workflow/kind.ts'
import { stepKinds } from '../../shared/workflow/kinds.ts'
import type { BuilderText } from '../editor/text.ts'
import { StepTile } from '../ui/step-tile.tsx'
import type { ScreenPoint } from './actions.tsx'
import css from './step-menu.module.css'

type FloatingMenuProps = { at: ScreenPoint; label: string; onClose: () => void; children: React.ReactNode }

/** A menu that opens at a point of the screen and gives the focus back when it closes. */
export function FloatingMenu({ at, label, onClose, children }: FloatingMenuProps) {
  return (
    <Menu opened onClose={onClose} position="bottom" withinPortal trapFocus returnFocus>
      <Menu.Target>
        <span className={css.anchor} style={{ left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        <Menu.Label>{label}</Menu.Label>
        {children}
      </Menu.Dropdown>
    </Menu>
  )
}

type StepMenuProps = { at: ScreenPoint; text: BuilderText; onPick: (kind: StepKindName) => void; onClose: () => void }

/** Which kind of step to put here. */
export function StepMenu({ at, text, onPick, onClose }: StepMenuProps) {
  const { t } = text
  return (
    <FloatingMenu at={at} label={t('canvas.which-step')} onClose={onClose}>
      {Object.values(stepKinds).map(({ kind, family }) => (
        <Menu.Item
          key={kind}
          data-add={kind}
          leftSection={<StepTile family={family} kind={kind} size={24} />}
          onClick={() => onPick(kind)}
        >
          <span className={css.name}>{t(`kind.${kind}.name`)}</span>
          <span className={css.about}>{t(`kind.${kind}.about`)}</span>
        </Menu.Item>
      ))}
    </FloatingMenu>
  )
}

type PathMenuProps = {
  at: ScreenPoint
  text: BuilderText
  ports: readonly { port: string; label: string }[]
  onPick: (port: string) => void
  onClose: () => void
}

/** Which outcome of a step leads to where the line was drawn. */
export function PathMenu({ at, text, ports, onPick, onClose }: PathMenuProps) {
  return (
    <FloatingMenu at={at} label={text.t('canvas.which-path')} onClose={onClose}>
      {ports.map(({ port, label }) => (
        <Menu.Item key={port} onClick={() => onPick(port)}>
          {label}
        </Menu.Item>
      ))}
    </FloatingMenu>
  )
}
