import { Popover } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import css from './condition.module.css'

type TokenProps = {
  text: string
  /** Read after the words, e.g. "change". */
  label: string
  onRemove?: () => void
  children: (close: () => void) => ReactNode
}

/** A changeable part of a sentence. Enter, Space or a click opens the choice in place; Delete removes the rule. */
export function Token({ text, label, onRemove, children }: TokenProps) {
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={css.token}
          aria-label={`${text}, ${label}`}
          onClick={() => setOpen((open) => !open)}
          onKeyDown={(event) => {
            if (event.key !== 'Delete' && event.key !== 'Backspace') return
            event.preventDefault()
            onRemove?.()
          }}
        >
          {text}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.choice}>{isOpen && children(close)}</Popover.Dropdown>
    </Popover>
  )
}

type PickProps<T extends string> = {
  options: readonly { value: T; label: string }[]
  value: T
  label: string
  onPick(value: T): void
}

/** A short list of choices. */
export function PickList<T extends string>({ options, value, label, onPick }: PickProps<T>) {
  return (
    <fieldset className={css.picks} aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={css.pick}
          aria-pressed={option.value === value}
          data-autofocus={option.value === value || undefined}
          onClick={() => onPick(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  )
}
