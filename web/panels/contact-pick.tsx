import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BuilderText } from '../editor/text.ts'
import type { PanelServer } from './server.ts'

type Props = { text: BuilderText; server: PanelServer; value: string | null; onChange(contactId: string | null): void }

/** As whom a test is rendered: a contact, or nobody, and then it says what stands in for the values. */
export function ContactPick({ text: { t }, server, value, onChange }: Props) {
  const [words, setWords] = useState('')
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null)
  const [asked] = useDebouncedValue(words, 250)
  const found = useQuery({
    queryKey: ['test-people', asked],
    queryFn: () => server.searchContacts(asked === chosen?.label ? '' : asked),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const people = (found.data ?? []).map((person) => ({ value: person.id, label: person.name }))
  const others = people.filter((person) => person.value !== chosen?.value)
  return (
    <Select
      label={t('test.as')}
      description={t(value === null ? 'test.as-nobody' : 'test.as-person')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={t('test.nobody')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('as.clear') }}
      data={chosen === null ? others : [chosen, ...others]}
      filter={({ options }) => options}
      nothingFoundMessage={t('as.nobody')}
      value={value}
      onSearchChange={setWords}
      onChange={(id) => {
        setChosen(people.find((person) => person.value === id) ?? null)
        onChange(id)
      }}
      mb="sm"
    />
  )
}
