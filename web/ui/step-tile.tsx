import {
  Bell,
  CalendarDays,
  CircleStop,
  Clock,
  ContactRound,
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
  UserRoundPen,
  Zap,
} from 'lucide-react'
import type { ComponentType } from 'react'
import css from './step-tile.module.css'

export type TileFamily = 'trigger' | 'message' | 'time' | 'logic' | 'action' | 'end'

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
  'tag-added': Tag,
  'contact-created': ContactRound,
  'update-contact': UserRoundPen,
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

function Shape({ family }: { family: TileFamily }) {
  switch (family) {
    case 'trigger':
      return <path d="M2 14A12 12 0 0 1 14 2h8.5A3.500 3.500 0 0 1 26 5.500V14A12 12 0 0 1 2 14Z" />
    case 'message':
      return <rect x="1.500" y="4" width="25" height="20" rx="4" />
    case 'time':
      return <circle cx="14" cy="14" r="12.200" />
    case 'logic':
      return <rect x="4.700" y="4.700" width="18.600" height="18.600" rx="2.600" transform="rotate(45 14 14)" />
    case 'action':
      return <path d="M8.200 2.500h11.600L26.500 14l-6.700 11.500H8.200L1.500 14Z" strokeLinejoin="round" />
    case 'end':
      return <path d="M5 2.500h18a2 2 0 0 1 2 2V14c0 6-4.500 10-11 12C7.500 24 3 20 3 14V4.500a2 2 0 0 1 2-2Z" />
  }
}

/** Colour, shape and icon of a step's family, each enough alone. Decorative: the text beside it names the kind. */
export function StepTile({ family, kind, size = 28 }: { family: TileFamily; kind?: string; size?: number }) {
  const Icon = (kind === undefined ? undefined : ICONS[kind]) ?? FAMILY_ICONS[family]
  return (
    <span className={css.tile} data-family={family} style={{ width: size, height: size }} aria-hidden="true">
      <svg className={css.shape} width={size} height={size} viewBox="0 0 28 28" aria-hidden="true">
        <Shape family={family} />
      </svg>
      <span className={css.icon}>
        <Icon size={Math.round(size * 0.54)} strokeWidth={2} aria-hidden />
      </span>
    </span>
  )
}
