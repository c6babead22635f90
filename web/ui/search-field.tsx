import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { Search } from 'lucide-react'
import { useRef } from 'react'
import styles from './search-field.module.css'

type Props = { label: string; clearLabel: string; value: string; onChange: (value: string) => void }

/** Search that `/` jumps to and Escape empties. */
export function SearchField({ label, clearLabel, value, onChange }: Props) {
  const field = useRef<HTMLInputElement>(null)
  useHotkeys([['/', () => field.current?.focus()]])
  return (
    <TextInput
      ref={field}
      type="search"
      className={styles.field ?? ''}
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onChange('')
      }}
      leftSection={<Search size={15} aria-hidden="true" />}
      rightSection={
        value === '' ? (
          <Kbd size="xs" aria-hidden="true">
            /
          </Kbd>
        ) : (
          <CloseButton
            size="sm"
            aria-label={clearLabel}
            onClick={() => {
              onChange('')
              field.current?.focus()
            }}
          />
        )
      }
    />
  )
}
