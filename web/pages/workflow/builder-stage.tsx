import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useMemo, useState } from 'react'
import { putEmail, updateStep } from '../../../shared/workflow/edit.ts'
import { type PeopleOf, WorkflowCanvas } from '../../canvas/canvas.tsx'
import { LivePlate } from '../../canvas/live-plate.tsx'
import { settled } from '../../canvas/use-flow.ts'
import { useEditorStore } from '../../editor/context.tsx'
import { newIdIn } from '../../editor/gestures.ts'
import type { BuilderText } from '../../editor/text.ts'
import { starterEmailFor, useEdits } from '../../editor/use-edits.ts'
import type { PanelServer } from '../../panels/server.ts'
import { SidePanel } from '../../panels/side-panel.tsx'
import { AddPeopleDialog } from './add-people-dialog.tsx'
import { BuilderBar, BuilderFoot, type BuilderView } from './builder-bar.tsx'
import type { Live } from './live.ts'
import { OutlineStage } from './outline-stage.tsx'
import { PeopleDrawer, type PeopleTarget } from './people-drawer.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { Strips } from './strips.tsx'
import type { Session } from './use-editor-session.ts'
import { useLiveStats } from './use-live-stats.ts'
import { useRemovedToast } from './use-removed-toast.ts'
import css from './workflow-page.module.css'

type Props = {
  live: Live
  text: BuilderText
  server: PanelServer
  session: Session
  restored: boolean
  dismissRestored(): void
  refreshLive(): Promise<void>
  openEmail(key: string): void
}

export function BuilderStage({
  live,
  text,
  server,
  session,
  restored,
  dismissRestored,
  refreshLive,
  openEmail,
}: Props) {
  const store = useEditorStore()
  const isPhone =
    useMediaQuery('(max-width: 767px)', window.innerWidth < 768, { getInitialValueInEffect: false }) ?? false
  const [view, setView] = useState<BuilderView | null>(null)
  const shown = view ?? (isPhone ? 'outline' : 'canvas')
  const [dialog, setDialog] = useState<'publish' | 'add-people' | null>(null)
  const [people, setPeople] = useState<PeopleTarget | null>(null)
  const { stats, isOnline } = useLiveStats(live.id, live.liveVersion !== null)
  const edits = useEdits(text, settled)
  useRemovedToast(text)
  const openEmailOf = useCallback(
    (stepId: string) => {
      const key = emailOfStep(session, stepId, text.language)
      if (key !== null) void session.saveNow().then(() => openEmail(key))
    },
    [session, openEmail, text.language],
  )
  const openPeople = useCallback((of: PeopleOf) => setPeople({ stepId: of.nodeId, state: of.state, path: of.path }), [])
  const jump = useCallback(
    (nodeId: string) => {
      setDialog(null)
      store.getState().select([nodeId], true)
      requestAnimationFrame(() => focusCard(nodeId))
    },
    [store],
  )
  const tools = useMemo(
    () => ({
      text,
      server,
      stats,
      edits,
      openEmail: openEmailOf,
      openPeople: (nodeId: string, state: string) => setPeople({ stepId: nodeId, state, path: null }),
      addPeople: () => setDialog('add-people'),
    }),
    [text, server, stats, edits, openEmailOf],
  )
  const toOutline = useCallback(() => setView('outline'), [])
  const plate = (
    <LivePlate
      text={text}
      stats={stats}
      since={live.publishedAt}
      isOnline={isOnline}
      onOpen={(state) => setPeople({ stepId: null, state, path: null })}
    />
  )
  return (
    <>
      <BuilderBar
        text={text}
        live={live}
        view={shown}
        onView={setView}
        isPhone={isPhone}
        onPublish={() => setDialog('publish')}
        onAddPeople={() => setDialog('add-people')}
        onJump={jump}
        onEmail={openEmail}
      />
      <Strips text={text} restored={restored} dismissRestored={dismissRestored} live={live} refreshLive={refreshLive} />
      <main className={css.stage}>
        {shown === 'canvas' ? (
          <WorkflowCanvas
            text={text}
            readOnly={isPhone}
            stats={stats}
            onOpenPeople={openPeople}
            onOpenEmail={openEmailOf}
            onOutline={toOutline}
            onEnterPanel={focusPanel}
            plate={plate}
          />
        ) : (
          <OutlineStage text={text} stats={stats} readOnly={isPhone} edits={edits} />
        )}
        {(!isPhone || shown === 'canvas') && <SidePanel {...tools} onClosed={focusCard} />}
      </main>
      {isPhone && <BuilderFoot text={text} onPublish={() => setDialog('publish')} onJump={jump} onEmail={openEmail} />}
      {dialog === 'publish' && (
        <PublishDialog
          text={text}
          workflowId={live.id}
          liveVersion={live.liveVersion}
          session={session}
          onClose={() => setDialog(null)}
          onJump={jump}
          onPublished={refreshLive}
          onAddPeople={() => setDialog('add-people')}
        />
      )}
      {dialog === 'add-people' && (
        <AddPeopleDialog
          text={text}
          workflowId={live.id}
          liveVersion={live.liveVersion}
          server={server}
          onClose={() => setDialog(null)}
        />
      )}
      {people !== null && (
        <PeopleDrawer text={text} workflowId={live.id} target={people} onClose={() => setPeople(null)} />
      )}
    </>
  )
}

/** The key of the email a step sends; a step without one gets a starting email first. */
function emailOfStep(session: Session, stepId: string, language: string): string | null {
  const { document, apply } = session.store.getState()
  const step = document.steps.find((s) => s.id === stepId)
  if (step === undefined) return null
  if (typeof step.email === 'string' && Object.hasOwn(document.emails, step.email)) return step.email
  const key = newIdIn(document, 'email')
  apply({ key: 'write-email' }, (doc) =>
    updateStep(putEmail(doc, key, starterEmailFor(language)), stepId, { email: key }),
  )
  return key
}

/** Once the panel is there: its first field, else its first button. */
function focusPanel(): void {
  setTimeout(() => {
    const panel = document.querySelector<HTMLElement>('aside[data-panel]')
    const target =
      panel?.querySelector<HTMLElement>('input, select, textarea') ?? panel?.querySelector<HTMLElement>('button')
    target?.focus({ preventScroll: true })
  }, 60)
}

function focusCard(nodeId: string): void {
  document
    .querySelector<HTMLElement>(`[data-node="${CSS.escape(nodeId)}"], [data-row="${CSS.escape(nodeId)}"]`)
    ?.focus()
}
