import '@xyflow/react/dist/base.css'
import { Background, BackgroundVariant, ReactFlow } from '@xyflow/react'
import type { ReactNode, RefObject } from 'react'
import { useEditorStore } from '../editor/context.tsx'
import { PathEdge } from './edges/path-edge.tsx'
import { StepCard } from './nodes/step-card.tsx'
import type { FlowEdge, FlowNode } from './to-flow.ts'
import type { useConnections } from './use-connections.ts'
import type { useDrop } from './use-drop.ts'
import type { useFlow } from './use-flow.ts'
import type { useViewport } from './use-viewport.ts'

// At module level: inline objects would mount every card anew on each change.
const nodeTypes = { step: StepCard }
const edgeTypes = { path: PathEdge }
const MULTI_SELECT_KEYS = ['Shift', 'Meta', 'Control']
/** From here on only what is in view is in the page. */
const MANY_NODES = 150
const MIN_ZOOM = 0.1
const MAX_ZOOM = 1.6

type Props = {
  canvas: { readOnly: boolean; onOpenEmail(stepId: string): void; onEnterPanel(): void }
  flow: ReturnType<typeof useFlow>
  connections: ReturnType<typeof useConnections>
  drop: ReturnType<typeof useDrop>
  view: ReturnType<typeof useViewport>
  /** Nobody has moved the view yet. */
  isAsOpened: RefObject<boolean>
  children: ReactNode
}

/** The cards and lines themselves, and what the mouse does to them. */
export function Flow({ canvas, flow, connections, drop, view, isAsOpened, children }: Props) {
  const { readOnly, onOpenEmail, onEnterPanel } = canvas
  const { nodes, edges, onNodesChange } = flow
  const store = useEditorStore()
  return (
    <ReactFlow<FlowNode, FlowEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodesChange={onNodesChange}
      onNodeClick={(event, node) => {
        if (event.shiftKey || event.metaKey || event.ctrlKey) return
        store.getState().select([node.id], true)
        if (event.detail === 0) onEnterPanel() // from the keyboard: the focus goes along
      }}
      onNodeDoubleClick={(_, node) => node.data.kind === 'send-email' && onOpenEmail(node.id)}
      onPaneClick={() => store.getState().select([])}
      {...connections}
      onDragOver={drop.onDragOver}
      onDragLeave={drop.onDragLeave}
      onDrop={drop.onDrop}
      nodesDraggable={!readOnly}
      nodesConnectable={!readOnly}
      nodesFocusable={false}
      edgesFocusable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      multiSelectionKeyCode={MULTI_SELECT_KEYS}
      selectNodesOnDrag={false}
      connectionRadius={60}
      onlyRenderVisibleElements={nodes.length >= MANY_NODES}
      minZoom={MIN_ZOOM}
      maxZoom={MAX_ZOOM}
      panOnScroll
      onInit={view.openFitted}
      onMoveStart={(event) => {
        if (event !== null) isAsOpened.current = false
      }}
      proOptions={{ hideAttribution: true }}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--p-dot)" />
      {children}
    </ReactFlow>
  )
}
