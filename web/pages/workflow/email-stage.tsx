import { ChevronLeft } from 'lucide-react'
import { useMemo } from 'react'
import { Link } from 'react-router'
import type { Fields } from '../../../shared/api/contacts.ts'
import { preview, testSend } from '../../api/preview.ts'
import { useEditor } from '../../editor/context.tsx'
import { wordsOfStep } from '../../editor/step-words.ts'
import type { BuilderText } from '../../editor/text.ts'
import { EmailEditor, type EmailServer } from '../../email/email-editor.tsx'
import { SaveChip } from './save-chip.tsx'
import { searchPeople } from './search-people.ts'
import { UndoButtons } from './undo-buttons.tsx'
import type { Session } from './use-editor-session.ts'
import css from './workflow-page.module.css'

type Props = { workflowId: string; emailKey: string; text: BuilderText; fields: Fields; session: Session }

export function EmailStage({ workflowId, emailKey, text, fields, session }: Props) {
  const document = useEditor((s) => s.document)
  const step = document.steps.find((s) => s.email === emailKey)
  const server: EmailServer = useMemo(
    () => ({
      fields,
      preview: (body, signal) => preview(body, signal),
      searchContacts: searchPeople,
      sendTest: async (to, contactId, properties) => {
        await session.saveNow()
        const contact = contactId === null ? {} : { contact: { id: contactId } }
        await testSend(workflowId, emailKey, { to: [...to], properties, ...contact })
      },
    }),
    [fields, session, workflowId, emailKey],
  )
  return (
    <>
      <header className={css.top}>
        <Link to={`/workflows/${workflowId}`} className={css.back}>
          <ChevronLeft size={16} aria-hidden /> <span className={css.backName}>{document.name}</span>
        </Link>
        <span className={css.divider} />
        <h1 className={css.name}>
          {step === undefined ? text.t('mail.title') : wordsOfStep(step, document, text).title}
        </h1>
        <SaveChip text={text} />
        <span className={css.space} />
        <UndoButtons text={text} />
      </header>
      <main className={css.stage}>
        <EmailEditor emailKey={emailKey} text={text} server={server} />
      </main>
    </>
  )
}
