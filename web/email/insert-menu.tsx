import { Button, Menu, TextInput } from '@mantine/core'
import { Braces } from 'lucide-react'
import { useState } from 'react'
import type { BuilderText } from '../editor/text.ts'
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
  const liquid = (variable: Variable) =>
    variable.group === 'contact' || variable.group === 'event'
      ? liquidFor(variable.group, variable.name, fallback)
      : variable.liquid
  return (
    <Menu position="bottom-end" width={280} returnFocus={false}>
      <Menu.Target>
        <Button size="compact-sm" leftSection={<Braces size={14} aria-hidden />}>
          {t('insert.open')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflow: 'auto' }}>
        <TextInput
          m="xs"
          label={t('insert.fallback')}
          placeholder={t('insert.fallback-example')}
          value={fallback}
          onChange={(event) => setFallback(event.currentTarget.value)}
          onKeyDown={(event) => event.key !== 'Escape' && event.key !== 'Tab' && event.stopPropagation()}
        />
        {GROUPS.map((group) => {
          const items = variables.filter((v) => v.group === group)
          return items.length === 0 ? null : (
            <div key={group}>
              <Menu.Label>{t(`insert.group.${group}`)}</Menu.Label>
              {items.map((variable) => (
                <Menu.Item key={variable.liquid} onClick={() => onInsert(liquid(variable))}>
                  {variable.name}
                </Menu.Item>
              ))}
            </div>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
