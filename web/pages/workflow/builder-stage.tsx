import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Stats } from '../../../shared/api/workflows.ts'
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
import { BuilderBar, BuilderFoot, type BuilderView } from './builder-bar.tsx'
import type { Live } from './live.ts'
import { OutlineStage } from './outline-stage.tsx'
import { PauseStrip } from './pause-strip.tsx'
import { PeopleDrawer, type PeopleTarget } from './people-drawer.tsx'
import { type StageDialog, StageDialogs } from './stage-dialogs.tsx'
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

export function BuilderStage(props: Props) {
  const { live, text, server, session, restored, dismissRestored, refreshLive, openEmail } = props
  const isPhone =
    useMediaQuery('(max-width: 767px)', window.innerWidth < 768, { getInitialValueInEffect: false }) ?? false
  const [view, setView] = useState<BuilderView | null>(null)
  const shown = view ?? (isPhone ? 'outline' : 'canvas')
  const [dialog, setDialog] = useState<StageDialog | null>(null)
  const [people, setPeople] = useState<PeopleTarget | null>(null)
  const { stats, isOnline } = useLiveStats(live.id)
  useNewsOfOthers(live, stats, refreshLive)
  useRemovedToast(text)
  const tools = useTools(props, stats, setPeople, setDialog)
  const jump = useJump(setDialog)
  const onOpenPeople = useCallback(
    (of: PeopleOf) => setPeople({ stepId: of.nodeId, state: of.state, path: of.path }),
    [],
  )
  const toOutline = useCallback(() => setView('outline'), [])
  const bar = { text, onOpen: setDialog, onJump: jump, onEmail: openEmail }
  const pausedAt = live.status === 'paused' ? live.pausedAt : null
  const openTotal = (state: string) => setPeople({ stepId: null, state, path: null })
  const plate = <LivePlate {...{ text, stats, isOnline, pausedAt, since: live.publishedAt }} onOpen={openTotal} />
  const drawing = { text, stats, readOnly: isPhone, isPaused: live.status === 'paused' }
  return (
    <>
      <BuilderBar {...bar} live={live} view={shown} onView={setView} isPhone={isPhone} />
      <Strips text={text} restored={restored} dismissRestored={dismissRestored} />
      <PauseStrip text={text} live={live} stats={stats} onResume={() => setDialog('resume')} />
      <main className={css.stage}>
        {shown === 'canvas' ? (
          <WorkflowCanvas
            {...drawing}
            onOpenPeople={onOpenPeople}
            onOpenEmail={tools.openEmail}
            onOutline={toOutline}
            onEnterPanel={focusPanel}
            plate={plate}
          />
        ) : (
          <OutlineStage {...drawing} edits={tools.edits} />
        )}
        {(!isPhone || shown === 'canvas') && <SidePanel {...tools} onClosed={focusCard} />}
      </main>
      {isPhone && <BuilderFoot {...bar} />}
      <StageDialogs
        {...{ text, live, stats, server, session, refreshLive }}
        open={dialog}
        setOpen={setDialog}
        onJump={jump}
      />
      {people !== null && (
        <PeopleDrawer text={text} workflowId={live.id} target={people} onClose={() => setPeople(null)} />
      )}
    </>
  )
}

/** What the panels ask for: edits, emails, people. */
function useTools(
  { text, server, session, openEmail }: Props,
  stats: Stats | null,
  setPeople: (target: PeopleTarget) => void,
  setDialog: (dialog: StageDialog) => void,
) {
  const edits = useEdits(text, settled)
  const openEmailOf = useCallback(
    (stepId: string) => {
      const key = emailOfStep(session, stepId, text.language)
      if (key !== null) void session.saveNow().then(() => openEmail(key))
    },
    [session, openEmail, text.language],
  )
  return useMemo(
    () => ({
      text,
      server,
      stats,
      edits,
      openEmail: openEmailOf,
      openPeople: (nodeId: string, state: string, path?: string) =>
        setPeople({ stepId: nodeId, state, path: path ?? null }),
      addPeople: () => setDialog('add-people'),
    }),
    [text, server, stats, edits, openEmailOf, setPeople, setDialog],
  )
}

/** Select a node, open its panel and give its card the focus. */
function useJump(setDialog: (dialog: null) => void) {
  const store = useEditorStore()
  return useCallback(
    (nodeId: string) => {
      setDialog(null)
      store.getState().select([nodeId], true)
      requestAnimationFrame(() => focusCard(nodeId))
    },
    [store, setDialog],
  )
}

/** Somebody else has published what this page still calls a draft, or paused it, or set it going: the numbers say so first. */
function useNewsOfOthers({ liveVersion, pausedAt }: Live, stats: Stats | null, refreshLive: () => Promise<void>): void {
  const isPublished = liveVersion === null && stats !== null && stats.totals.entered > 0
  const isPausedElsewhere = stats !== null && (stats.pausedAt === null) !== (pausedAt === null)
  useEffect(() => {
    if (isPublished || isPausedElsewhere) void refreshLive()
  }, [isPublished, isPausedElsewhere, refreshLive])
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
