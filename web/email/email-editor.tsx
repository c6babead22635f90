import { Button, Popover, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Fields } from '../../shared/api/contacts.ts'
import type { PreviewAnswer } from '../../shared/api/workflows.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { EmailContent, MessageClass } from '../../shared/workflow/document.ts'
import { putEmail } from '../../shared/workflow/edit.ts'
import { useEditor, useEditorStore } from '../editor/context.tsx'
import { testSendWords } from '../editor/test-words.ts'
import type { BuilderText } from '../editor/text.ts'
import { TestSendForm } from '../ui/test-send-form.tsx'
import css from './email-editor.module.css'
import { InsertMenu } from './insert-menu.tsx'
import { type CodeHandle, MjmlCode } from './mjml-code.tsx'
import type { Person } from './person.ts'
import { EmailPreview } from './preview.tsx'
import { PreviewAs } from './preview-as.tsx'
import { EmailProblems } from './problems.tsx'
import { variablesFor } from './variables.ts'

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
const SUBJECT_ROOM = 60
const PREHEADER_ROOM = 90

/** One email: subject, preheader and MJML beside what a chosen person would get. */
export function EmailEditor({ emailKey, text, server }: Props) {
  const { t } = text
  const store = useEditorStore()
  const document = useEditor((s) => s.document)
  const email = document.emails[emailKey]
  const code = useRef<CodeHandle>(null)
  const subject = useRef<HTMLInputElement>(null)
  const preheader = useRef<HTMLInputElement>(null)
  /** Where a value goes: the field the cursor was in last. */
  const lastIn = useRef<'subject' | 'preheader' | 'mjml'>('mjml')
  const [person, setPerson] = useState<Person | null>(null)
  const [properties, setProperties] = useState<JsonObject>({})
  const [tab, setTab] = useState('write')
  const messageClass: MessageClass = document.settings.messageClass === 'transactional' ? 'transactional' : 'marketing'
  const problems = useEditor((s) => s.problems)
  const notes = problems.filter((p) => p.severity === 'warning' && p.path.startsWith(`emails/${emailKey}`))
  const shown = usePreview(email, person, properties, messageClass, server)
  if (email === undefined) return <p className={css.gone}>{t('mail.gone')}</p>
  const change = (part: Partial<EmailContent>, field: string) =>
    store.getState().apply(
      { key: 'change-email' },
      (doc) => {
        const now = doc.emails[emailKey]
        return now === undefined ? doc : putEmail(doc, emailKey, { ...now, ...part })
      },
      `email.${emailKey}.${field}`,
    )
  const insert = (liquid: string) => {
    const field = lastIn.current
    const input = field === 'subject' ? subject.current : field === 'preheader' ? preheader.current : null
    if (input === null || field === 'mjml') {
      code.current?.insert(liquid)
      return
    }
    const from = input.selectionStart ?? input.value.length
    change({ [field]: input.value.slice(0, from) + liquid + input.value.slice(input.selectionEnd ?? from) }, field)
    // Once the menu has let go of the focus and the field holds the new text.
    setTimeout(() => {
      input.focus()
      input.setSelectionRange(from + liquid.length, from + liquid.length)
    }, 60)
  }
  const room = (value: string, limit: number) => (
    <span className={css.room}>{t('mail.room', { count: [...value].length, limit })}</span>
  )
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
      <section className={css.write} aria-label={t('mail.write')}>
        <div className={css.fields}>
          <TextInput
            ref={subject}
            onFocus={() => {
              lastIn.current = 'subject'
            }}
            label={t('mail.subject')}
            value={email.subject}
            maxLength={2_000}
            rightSectionWidth={96}
            rightSection={room(email.subject, SUBJECT_ROOM)}
            onChange={(event) => change({ subject: event.currentTarget.value }, 'subject')}
          />
          <TextInput
            ref={preheader}
            onFocus={() => {
              lastIn.current = 'preheader'
            }}
            label={t('mail.preheader')}
            value={email.preheader ?? ''}
            maxLength={2_000}
            rightSectionWidth={96}
            rightSection={room(email.preheader ?? '', PREHEADER_ROOM)}
            onChange={(event) => change({ preheader: event.currentTarget.value }, 'preheader')}
          />
        </div>
        <div className={css.codeBar}>
          <h2 className={css.codeTitle}>MJML</h2>
          <InsertMenu text={text} variables={variablesFor(document, server.fields)} onInsert={insert} />
        </div>
        <MjmlCode
          ref={code}
          onFocus={() => {
            lastIn.current = 'mjml'
          }}
          label={t('mail.code')}
          value={email.mjml}
          onChange={(mjml) => change({ mjml }, 'mjml')}
        />
        <EmailProblems
          text={text}
          answer={shown.data ?? null}
          notes={notes}
          person={person}
          onLine={(line) => code.current?.goToLine(line)}
          onSubject={() => subject.current?.focus()}
        />
      </section>
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
          <Popover position="bottom-end" trapFocus returnFocus width={340} withinPortal>
            <Popover.Target>
              <Button variant="filled" leftSection={<Send size={15} aria-hidden />}>
                {t('mail.send-test')}
              </Button>
            </Popover.Target>
            <Popover.Dropdown>
              <TestSendForm
                words={testSendWords(text)}
                send={(to) => server.sendTest(to, person?.id ?? null, properties)}
              />
            </Popover.Dropdown>
          </Popover>
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
