import { ActionIcon, Button, JsonInput, Popover, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Eye, X } from 'lucide-react'
import { useState } from 'react'
import type { JsonObject } from '../../shared/json.ts'
import type { BuilderText } from '../editor/text.ts'
import css from './email-editor.module.css'
import type { Person } from './person.ts'
import { readProperties } from './variables.ts'

type Props = {
  text: BuilderText
  person: Person | null
  onPerson(person: Person | null): void
  search(words: string): Promise<readonly Person[]>
  properties: JsonObject
  onProperties(properties: JsonObject): void
}

/** Whose email is shown, and with which properties of the event that let them in. */
export function PreviewAs(props: Props) {
  const {
    text: { t },
    person,
    onPerson,
  } = props
  const [isOpen, setOpen] = useState(false)
  const fields = useFields(props, isOpen)
  return (
    <div className={css.as}>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        position="bottom-start"
        width={320}
        trapFocus
        returnFocus
        withinPortal
      >
        <Popover.Target>
          <Button leftSection={<Eye size={15} aria-hidden />} onClick={() => setOpen((open) => !open)}>
            {person === null ? t('as.example') : t('as.person', { name: person.name })}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <WhoAndWhat {...props} fields={fields} onChosen={() => setOpen(false)} />
        </Popover.Dropdown>
      </Popover>
      {person !== null && (
        <ActionIcon aria-label={t('as.clear')} onClick={() => onPerson(null)}>
          <X size={15} aria-hidden />
        </ActionIcon>
      )}
    </div>
  )
}

type Fields = ReturnType<typeof useFields>

/** What is typed stays while the popover is closed. */
function useFields({ search, properties }: Props, isOpen: boolean) {
  const [words, setWords] = useState('')
  const [asked] = useDebouncedValue(words, 250)
  const [json, setJson] = useState(Object.keys(properties).length === 0 ? '' : JSON.stringify(properties, null, 2))
  const found = useQuery({
    queryKey: ['preview-people', asked],
    queryFn: () => search(asked),
    enabled: isOpen,
    retry: false,
    placeholderData: keepPreviousData, // a list that vanishes under the pointer loses the click
  })
  return { words, setWords, json, setJson, people: found.data }
}

type FormProps = Props & { fields: Fields; onChosen(): void }

/** A person to be found by name, and properties of an event as JSON. */
function WhoAndWhat({ text: { t }, onPerson, onProperties, onChosen, fields }: FormProps) {
  const { words, setWords, json, setJson, people } = fields
  const isBad = readProperties(json) === null
  return (
    <>
      <TextInput
        label={t('as.search')}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        data-autofocus
      />
      <ul className={css.people}>
        {people?.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className={css.person}
              onClick={() => {
                onPerson(one)
                onChosen()
              }}
            >
              {one.name}
            </button>
          </li>
        ))}
      </ul>
      {people?.length === 0 && <p className={css.none}>{t('as.nobody')}</p>}
      <JsonInput
        label={t('as.properties')}
        description={t('as.properties-hint')}
        autosize
        minRows={3}
        value={json}
        error={isBad ? t('as.bad-json') : undefined}
        onChange={(typed) => {
          setJson(typed)
          const read = readProperties(typed)
          if (read !== null) onProperties(read)
        }}
      />
    </>
  )
}
