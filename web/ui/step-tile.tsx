import {
  Bell,
  CalendarDays,
  CircleStop,
  Clock,
  Flag,
  GitFork,
  Hourglass,
  Leaf,
  Mail,
  MousePointerClick,
  Split,
  Square,
  Tag,
  UserPlus,
  Zap,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { FamilyTile, type TileFamily } from './family-tile.tsx'

export type { TileFamily } from './family-tile.tsx'

type IconProps = { size?: number; strokeWidth?: number; 'aria-hidden'?: boolean }

/** The icon of each kind of step; a kind not named here gets the icon of its family. */
const ICONS: Readonly<Record<string, ComponentType<IconProps>>> = {
  event: Leaf,
  manual: UserPlus,
  'send-email': Mail,
  wait: Clock,
  'wait-until': Hourglass,
  'wait-date': CalendarDays,
  branch: GitFork,
  split: Split,
  exit: Square,
  goal: Flag,
  notify: Bell,
  tag: Tag,
  click: MousePointerClick,
}

const FAMILY_ICONS: Readonly<Record<TileFamily, ComponentType<IconProps>>> = {
  trigger: Leaf,
  message: Mail,
  time: Clock,
  logic: GitFork,
  action: Zap,
  end: CircleStop,
}

/** The family's tile with the icon of the kind. Decorative: the text beside it names the kind. */
export function StepTile({ family, kind, size = 28 }: { family: TileFamily; kind?: string; size?: 24 | 28 }) {
  const Icon = (kind === undefined ? undefined : ICONS[kind]) ?? FAMILY_ICONS[family]
  return (
    <FamilyTile family={family} size={size}>
      <Icon size={size === 28 ? 15 : 14} strokeWidth={2} aria-hidden />
    </FamilyTile>
  )
}
