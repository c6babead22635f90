import { MiniMap, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react'
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Stats } from '../../shared/api/workflows.ts'
import type { StepKindName } from '../../shared/workflow/kind.ts'
import { useEditor } from '../editor/context.tsx'
import type { BuilderText } from '../editor/text.ts'
import { useEdits } from '../editor/use-edits.ts'
import { type AddPlace, CanvasActionsContext, type ScreenPoint } from './actions.tsx'
import css from './canvas.module.css'
import type { NumberState } from './card-numbers.ts'
import { Connector, type Joining } from './connector.tsx'
import { ArrowHead } from './edges/path-edge.tsx'
import { EmptyCanvas } from './empty-canvas.tsx'
import { Flow } from './flow.tsx'
import { lineAt } from './graph.ts'
import { Palette, type PaletteItem } from './palette.tsx'
import { SearchSteps } from './search-steps.tsx'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import { StepMenu } from './step-menu.tsx'
import type { FlowNode } from './to-flow.ts'
import { useCanvasKeys } from './use-canvas-keys.ts'
import { useConnections } from './use-connections.ts'
import { useDrop } from './use-drop.ts'
import { settled, useFlow } from './use-flow.ts'
import { useViewport } from './use-viewport.ts'
import { ZoomBar } from './zoom-bar.tsx'

export type PeopleOf = { nodeId: string; state: NumberState; path: string | null }
export type CanvasProps = {
  text: BuilderText
  /** To look at only, as on a phone. */
  readOnly: boolean
  stats: Stats | null
  /** Every clock stands still. */
  isPaused: boolean
  onOpenPeople(of: PeopleOf): void
  onOpenEmail(stepId: string): void
  onOutline(): void
  /** Put the focus into the open panel. */
  onEnterPanel(): void
  /** Drawn at the top right, over the canvas. */
  plate: React.ReactNode
}

export function WorkflowCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

type Adding = { place: AddPlace; at: ScreenPoint }
type Edits = ReturnType<typeof useEdits>
type View = ReturnType<typeof useViewport>
type OpenAdd = (place: AddPlace, at: ScreenPoint) => void

function Canvas(props: CanvasProps) {
  const { text, readOnly, stats, isPaused, plate } = props
  const frame = useRef<HTMLElement>(null)
  const isEmpty = useEditor((s) => s.document.steps.length === 0 && s.document.triggers.length === 0)
  const edits = useEdits(text, settled)
  const [adding, setAdding] = useState<Adding | null>(null)
  const [joining, setJoining] = useState<Joining | null>(null)
  const [dialog, setDialog] = useState<'find' | 'help' | null>(null)
  const flow = useFlow(stats, text, isPaused)
  const view = useViewport(frame)
  const isAsOpened = useRef(true)
  useShown(view, isAsOpened)
  const openAdd = useCallback((place: AddPlace, at: ScreenPoint) => setAdding({ place, at }), [])
  const actions = useActions(props, edits, openAdd)
  const keys = useCanvasKeys(useKeyHandlers({ edits, view, openAdd, setDialog, onOutline: props.onOutline }))
  const drop = useDrop(edits)
  const connections = useConnections(edits, setJoining, openAdd)
  const addFromPalette = (item: PaletteItem) => {
    if (item.isTrigger) view.reveal(`trigger:${edits.addTrigger(item.kind)}`)
    else view.reveal(edits.addStep(item.kind, { after: drop.afterSelection(), port: null }))
  }
  return (
    <CanvasActionsContext.Provider value={actions}>
      <section
        ref={frame}
        className={css.frame}
        aria-label={text.t('canvas.name')}
        data-zoom={useZoomLevel()}
        data-read-only={readOnly || undefined}
        data-paused={isPaused || undefined}
        {...(readOnly ? {} : { onKeyDown: keys.onKeyDown })}
      >
        <Flow canvas={props} flow={flow} connections={connections} drop={drop} view={view} isAsOpened={isAsOpened}>
          {!isEmpty && !readOnly && <Overview text={text} />}
        </Flow>
        <ArrowHead />
        {!readOnly && (
          <div className={css.tools}>
            <Palette text={text} onAdd={addFromPalette} />
          </div>
        )}
        <div className={css.plate}>{plate}</div>
        <div className={css.zoom}>
          <ZoomBar text={text} onHelp={() => setDialog('help')} onFind={() => setDialog('find')} />
        </div>
        {isEmpty && <EmptyCanvas text={text} edits={edits} reveal={view.reveal} />}
        <Connector {...{ text, joining, edits }} connecting={keys.connecting} onDone={() => setJoining(null)} />
      </section>
      {adding !== null && (
        <AddMenu text={text} adding={adding} edits={edits} reveal={view.reveal} onClose={() => setAdding(null)} />
      )}
      {dialog === 'find' && <SearchSteps text={text} onClose={() => setDialog(null)} onPick={view.reveal} />}
      {dialog === 'help' && <ShortcutsDialog text={text} onClose={() => setDialog(null)} />}
    </CanvasActionsContext.Provider>
  )
}

type AddMenuProps = {
  text: BuilderText
  adding: Adding
  edits: Edits
  reveal(nodeId: string): void
  onClose(): void
}

function AddMenu({ text, adding: { place, at }, edits, reveal, onClose }: AddMenuProps) {
  const pick = (kind: StepKindName) => {
    onClose()
    reveal(edits.addStep(kind, { after: place.from, port: place.port }))
  }
  return <StepMenu at={at} text={text} onClose={onClose} onPick={pick} />
}

/** What the cards and lines can ask for. */
function useActions({ text, onOpenPeople, onOpenEmail }: CanvasProps, edits: Edits, openAddMenu: OpenAdd) {
  return useMemo(
    () => ({
      text,
      openAddMenu,
      openPeople: (nodeId: string, state: NumberState, path?: string) =>
        onOpenPeople({ nodeId, state, path: path ?? null }),
      openEmail: onOpenEmail,
      duplicate: edits.duplicate,
      remove: edits.remove,
      cut: (lineId: string) => {
        const line = lineAt(lineId)
        if (line !== null) edits.connect(line.from, line.port, null)
      },
    }),
    [text, openAddMenu, onOpenPeople, onOpenEmail, edits],
  )
}

type KeyTools = {
  edits: Edits
  view: View
  openAdd: OpenAdd
  setDialog(dialog: 'find' | 'help'): void
  onOutline(): void
}

function useKeyHandlers({ edits, view, openAdd, setDialog, onOutline }: KeyTools) {
  return useMemo(
    () => ({
      edits,
      focusNode: view.focusNode,
      openAddMenu: (id: string) => openAdd({ from: id, port: null }, view.underNode(id)),
      find: () => setDialog('find'),
      help: () => setDialog('help'),
      outline: onOutline,
    }),
    [edits, view, openAdd, setDialog, onOutline],
  )
}

/**
 * When the panel opens or closes the canvas moves just enough for the panel never to cover its step; a view nobody has moved
 * stays fitted instead.
 */
function useShown(view: ReturnType<typeof useViewport>, isAsOpened: RefObject<boolean>): void {
  const opened = useEditor((s) => (s.panelOpen ? s.selection.at(-1) : undefined))
  const isOpen = opened !== undefined
  const wasOpen = useRef(false)
  useEffect(() => {
    const changed = wasOpen.current !== isOpen
    wasOpen.current = isOpen
    const timer = setTimeout(() => {
      if (changed && isAsOpened.current) view.openFitted()
      if (opened !== undefined) view.showNode(opened)
    }, 40) // once the frame has its new width
    return () => clearTimeout(timer)
  }, [opened, isOpen, view, isAsOpened])
}

/** All words above 60 %, a little larger below 82 % so that none falls under 9 px; tile and title down to 35 %, below that a block in the family's colour. */
function useZoomLevel(): 'full' | 'near' | 'mid' | 'far' {
  return useStore(({ transform: [, , zoom] }) =>
    zoom > 0.82 ? 'full' : zoom > 0.6 ? 'near' : zoom > 0.35 ? 'mid' : 'far',
  )
}

function Overview({ text }: { text: BuilderText }) {
  const { setCenter, getZoom } = useReactFlow()
  return (
    <MiniMap<FlowNode>
      className={css.map ?? ''}
      ariaLabel={text.t('canvas.map')}
      pannable
      nodeBorderRadius={3}
      nodeColor={(node) =>
        node.data.strip?.severity === 'error' ? 'var(--p-madder)' : `var(--p-family-${node.data.family})`
      }
      maskColor="transparent"
      maskStrokeColor="var(--p-leaf)"
      maskStrokeWidth={2}
      onClick={(_, point) => void setCenter(point.x, point.y, { zoom: getZoom(), duration: 180 })}
    />
  )
}
