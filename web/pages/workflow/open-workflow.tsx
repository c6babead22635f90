import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { useFields } from '../../api/contacts.ts'
import { testSend } from '../../api/preview.ts'
import { useSession } from '../../api/session.ts'
import { audienceCount, getWorkflow, type OpenWorkflow } from '../../api/workflows.ts'
import { EditorProvider, useEditor } from '../../editor/context.tsx'
import { useBuilderText } from '../../editor/text.ts'
import { useProblems } from '../../editor/use-problems.ts'
import type { PanelServer } from '../../panels/server.ts'
import { BuilderStage } from './builder-stage.tsx'
import { EmailStage } from './email-stage.tsx'
import type { Live } from './live.ts'
import { pageDates } from './page-dates.ts'
import { searchPeople } from './search-people.ts'
import { StaleDialog } from './stale-dialog.tsx'
import { type Session, saveOrThrow, useEditorSession } from './use-editor-session.ts'
import css from './workflow-page.module.css'

/** Somebody else may publish or pause it. */
const LOOK_MS = 15_000
const LOOK_AT_JOB_MS = 1_000
const NO_FIELDS = { attributes: [], tags: [], topics: [], events: [] }

export function OpenWorkflowPage({ opened, emailKey }: { opened: OpenWorkflow; emailKey: string | null }) {
  const session = useEditorSession(opened)
  return (
    <EditorProvider store={session.store}>
      <Room opened={opened} emailKey={emailKey} session={session} />
    </EditorProvider>
  )
}

function Room({ opened, emailKey, session }: { opened: OpenWorkflow; emailKey: string | null; session: Session }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const fields = useFields().data ?? NO_FIELDS
  const workspace = useSession().data?.workspace ?? null
  const text = useBuilderText(workspace?.timezone ?? 'UTC', pageDates)
  const live = useQuery({
    queryKey: ['workflow-live', opened.id],
    queryFn: async (): Promise<Live> => getWorkflow(opened.id),
    initialData: opened,
    refetchInterval: ({ state }) => (state.data?.job == null ? LOOK_MS : LOOK_AT_JOB_MS),
  }).data
  const context = useMemo(
    () => ({
      attributes: Object.fromEntries(fields.attributes.map((a) => [a.key, a.type])),
      sender: workspace === null ? null : { email: workspace.senderEmail, postalAddress: workspace.postalAddress },
    }),
    [fields, workspace],
  )
  useProblems(session.store, context)
  const [restored, setRestored] = useState(session.restored)
  const sendTest = useCallback(
    async (key: string, to: readonly string[], contactId: string | null) => {
      await saveOrThrow(session, text.t('publish.not-saved')) // the server sends what is on screen
      await testSend(opened.id, key, contactId === null ? { to: [...to] } : { to: [...to], contact: { id: contactId } })
    },
    [opened.id, session, text],
  )
  const server: PanelServer = useMemo(
    () => ({ fields, countAudience: audienceCount, searchContacts: searchPeople, sendTest }),
    [fields, sendTest],
  )
  const refreshLive = useCallback(
    () => queries.invalidateQueries({ queryKey: ['workflow-live', opened.id] }),
    [queries, opened.id],
  )
  return (
    <div className={css.page}>
      {emailKey === null ? (
        <BuilderStage
          live={live}
          text={text}
          server={server}
          session={session}
          restored={restored}
          dismissRestored={() => setRestored(false)}
          refreshLive={refreshLive}
          openEmail={(key) => void navigate(`/workflows/${opened.id}/emails/${encodeURIComponent(key)}`)}
        />
      ) : (
        <EmailStage workflowId={opened.id} emailKey={emailKey} text={text} fields={fields} session={session} />
      )}
      <StaleDialog text={text} />
      <Announcer />
    </div>
  )
}

function Announcer() {
  const announcement = useEditor((s) => s.announcement)
  return (
    <div className="p-hidden" role="status" aria-live="polite">
      {announcement}
    </div>
  )
}
