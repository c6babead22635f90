import { Button, Popover, TextInput, UnstyledButton } from '@mantine/core'
import { Braces } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { BuilderText } from '../editor/text.ts'
import css from './email-editor.module.css'
import { liquidFor, type Variable } from './variables.ts'

const GROUPS = ['contact', 'event', 'sender', 'links'] as const

/** Values to put at the cursor; those of people and events with what stands there when they are missing. */
export function InsertMenu({
  text: { t },
  variables,
  onInsert,
}: {
  text: BuilderText
  variables: readonly Variable[]
  onInsert(liquid: string): void
}) {
  const [fallback, setFallback] = useState('')
  const [isOpen, setIsOpen] = useState(false)
  const liquid = (variable: Variable) =>
    variable.group === 'contact' || variable.group === 'event'
      ? liquidFor(variable.group, variable.name, fallback)
      : variable.liquid
  return (
    <Popover position="bottom-end" width={280} opened={isOpen} onChange={setIsOpen} trapFocus withinPortal>
      <Popover.Target>
        <Button size="compact-sm" leftSection={<Braces size={14} aria-hidden />} onClick={() => setIsOpen(!isOpen)}>
          {t('insert.open')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown mah={420} p="xs" className={css.values ?? ''}>
        <TextInput
          m="xs"
          label={t('insert.fallback')}
          placeholder={t('insert.fallback-example')}
          value={fallback}
          onChange={(event) => setFallback(event.currentTarget.value)}
        />
        <div role="menu" aria-label={t('insert.open')} onKeyDown={walk}>
          {GROUPS.map((group) => {
            const items = variables.filter((v) => v.group === group)
            return items.length === 0 ? null : (
              // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a menu
              <div key={group} role="group" aria-label={t(`insert.group.${group}`)}>
                <div className={css.valuesOf} aria-hidden="true">
                  {t(`insert.group.${group}`)}
                </div>
                {items.map((variable) => (
                  <UnstyledButton
                    key={variable.liquid}
                    role="menuitem"
                    className={css.value ?? ''}
                    onClick={() => {
                      setIsOpen(false)
                      onInsert(liquid(variable))
                    }}
                  >
                    {variable.name}
                  </UnstyledButton>
                ))}
              </div>
            )
          })}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Arrows go from value to value. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (way === 0) return
  event.preventDefault()
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  const now = items.findIndex((item) => item.matches(':focus'))
  items[(now + way + items.length) % items.length]?.focus()
}
