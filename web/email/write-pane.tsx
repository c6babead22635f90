import { TextInput } from '@mantine/core'
import { useRef } from 'react'
import type { Fields } from '../../shared/api/contacts.ts'
import type { PreviewAnswer } from '../../shared/api/workflows.ts'
import type { EmailContent } from '../../shared/workflow/document.ts'
import { putEmail } from '../../shared/workflow/edit.ts'
import { useEditor, useEditorStore } from '../editor/context.tsx'
import type { BuilderText } from '../editor/text.ts'
import css from './email-editor.module.css'
import { InsertMenu } from './insert-menu.tsx'
import { type CodeHandle, MjmlCode } from './mjml-code.tsx'
import type { Person } from './person.ts'
import { EmailProblems } from './problems.tsx'
import { variablesFor } from './variables.ts'

const LINE_ROOM = { subject: 60, preheader: 90 } as const
const LINES = ['subject', 'preheader'] as const
type Line = (typeof LINES)[number]

type Props = {
  emailKey: string
  email: EmailContent
  text: BuilderText
  server: { fields: Fields }
  answer: PreviewAnswer | null
  person: Person | null
}

/** The side one writes on: the two lines an inbox shows, the MJML, and what is wrong with them. */
export function WritePane({ emailKey, email, text, server, answer, person }: Props) {
  const { t } = text
  const document = useEditor((s) => s.document)
  const problems = useEditor((s) => s.problems)
  const notes = problems.filter((p) => p.severity === 'warning' && p.path.startsWith(`emails/${emailKey}`))
  const { change, insert, code, inputs, cursorIn } = useEmailFields(emailKey)
  return (
    <section className={css.write} aria-label={t('mail.write')}>
      <div className={css.fields}>
        {LINES.map((line) => {
          const value = email[line] ?? ''
          return (
            <TextInput
              key={line}
              ref={inputs[line]}
              onFocus={() => cursorIn(line)}
              label={t(`mail.${line}`)}
              value={value}
              maxLength={2_000}
              rightSectionWidth={96}
              rightSection={
                <span className={css.room}>{t('mail.room', { count: [...value].length, limit: LINE_ROOM[line] })}</span>
              }
              onChange={(event) => change({ [line]: event.currentTarget.value }, line)}
            />
          )
        })}
      </div>
      <div className={css.codeBar}>
        <h2 className={css.codeTitle}>MJML</h2>
        <InsertMenu text={text} variables={variablesFor(document, server.fields)} onInsert={insert} />
      </div>
      <MjmlCode
        ref={code}
        onFocus={() => cursorIn('mjml')}
        label={t('mail.code')}
        value={email.mjml}
        onChange={(mjml) => change({ mjml }, 'mjml')}
      />
      <EmailProblems
        text={text}
        answer={answer}
        notes={notes}
        person={person}
        onLine={(line) => code.current?.goToLine(line)}
        onSubject={() => inputs.subject.current?.focus()}
      />
    </section>
  )
}

/** The edits of one email, and where a value from the menu goes: the field the cursor was in last. */
function useEmailFields(emailKey: string) {
  const store = useEditorStore()
  const code = useRef<CodeHandle>(null)
  const inputs = { subject: useRef<HTMLInputElement>(null), preheader: useRef<HTMLInputElement>(null) }
  const lastIn = useRef<Line | 'mjml'>('mjml')
  const cursorIn = (field: Line | 'mjml') => {
    lastIn.current = field
  }
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
    const input = field === 'mjml' ? null : inputs[field].current
    if (input === null) {
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
  return { change, insert, code, inputs, cursorIn }
}
