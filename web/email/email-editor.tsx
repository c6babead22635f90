import { Button, Popover, SegmentedControl, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { useState } from 'react'
import type { Fields } from '../../shared/api/contacts.ts'
import type { PreviewAnswer } from '../../shared/api/workflows.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { EmailContent, MessageClass } from '../../shared/workflow/document.ts'
import { useEditor } from '../editor/context.tsx'
import { testSendWords } from '../editor/test-words.ts'
import type { BuilderText } from '../editor/text.ts'
import { TestSendForm } from '../ui/test-send-form.tsx'
import css from './email-editor.module.css'
import type { Person } from './person.ts'
import { EmailPreview } from './preview.tsx'
import { PreviewAs } from './preview-as.tsx'
import { WritePane } from './write-pane.tsx'

export type EmailServer = {
  fields: Fields
  preview(
    body: {
      email: { subject: string; preheader?: string; mjml: string }
      contactId: string | null
      properties: JsonObject
      messageClass: MessageClass
    },
    signal: AbortSignal,
  ): Promise<PreviewAnswer>
  searchContacts(words: string): Promise<readonly Person[]>
  /** Saves first, so that what arrives is what is on screen. */
  sendTest(to: readonly string[], contactId: string | null, properties: JsonObject): Promise<void>
}
type Props = { emailKey: string; text: BuilderText; server: EmailServer }

const REST_MS = 450

/** One email: subject, preheader and MJML beside what a chosen person would get. */
export function EmailEditor({ emailKey, text, server }: Props) {
  const { t } = text
  const document = useEditor((s) => s.document)
  const email = document.emails[emailKey]
  const [person, setPerson] = useState<Person | null>(null)
  const [properties, setProperties] = useState<JsonObject>({})
  const [tab, setTab] = useState('write')
  const messageClass: MessageClass = document.settings.messageClass === 'transactional' ? 'transactional' : 'marketing'
  const shown = usePreview(email, person, properties, messageClass, server)
  if (email === undefined) return <p className={css.gone}>{t('mail.gone')}</p>
  return (
    <div className={css.editor} data-tab={tab}>
      <SegmentedControl
        className={css.tabs ?? ''}
        fullWidth
        value={tab}
        onChange={setTab}
        data={['write', 'preview'].map((value) => ({ value, label: t(`mail.tab.${value}`) }))}
        aria-label={t('mail.tab.name')}
      />
      <WritePane
        emailKey={emailKey}
        email={email}
        text={text}
        server={server}
        answer={shown.data ?? null}
        person={person}
      />
      <section className={css.look} aria-label={t('mail.preview')}>
        <div className={css.lookBar}>
          <PreviewAs
            text={text}
            person={person}
            onPerson={setPerson}
            search={server.searchContacts}
            properties={properties}
            onProperties={setProperties}
          />
          <TestSend text={text} send={(to) => server.sendTest(to, person?.id ?? null, properties)} />
        </div>
        {shown.isError ? (
          <div className={css.failed} role="alert">
            <Text fw={600}>{t('mail.preview-failed')}</Text>
            <Text size="sm">{shown.error.message}</Text>
            <Button size="compact-sm" mt="sm" onClick={() => void shown.refetch()}>
              {t('mail.try-again')}
            </Button>
          </div>
        ) : (
          <EmailPreview text={text} answer={shown.data ?? null} isOld={shown.isFetching} />
        )}
      </section>
    </div>
  )
}

type TestSendProps = { text: BuilderText; send(to: readonly string[]): Promise<void> }

function TestSend({ text, send }: TestSendProps) {
  return (
    <Popover position="bottom-end" trapFocus returnFocus width={340} withinPortal>
      <Popover.Target>
        <Button variant="filled" leftSection={<Send size={15} aria-hidden />}>
          {text.t('mail.send-test')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TestSendForm words={testSendWords(text)} send={send} />
      </Popover.Dropdown>
    </Popover>
  )
}

function usePreview(
  email: EmailContent | undefined,
  person: Person | null,
  properties: JsonObject,
  messageClass: MessageClass,
  server: EmailServer,
) {
  const [rested] = useDebouncedValue(email, REST_MS)
  return useQuery({
    queryKey: ['email-preview', rested?.subject, rested?.preheader, rested?.mjml, person?.id, properties, messageClass],
    queryFn: ({ signal }) => {
      const preheader = rested?.preheader === undefined ? {} : { preheader: rested.preheader }
      return server.preview(
        {
          email: { subject: rested?.subject ?? '', ...preheader, mjml: rested?.mjml ?? '' },
          contactId: person?.id ?? null,
          properties,
          messageClass,
        },
        signal,
      )
    },
    enabled: rested !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  })
}
