import { useReactFlow } from '@xyflow/react'
import { type RefObject, useMemo } from 'react'
import type { ScreenPoint } from './actions.tsx'
import { fittedView, LEFT, MARGIN, PLATE } from './fit.ts'
import type { FlowNode } from './to-flow.ts'

const PANEL_MS = 180

const wantsMotion = () => !window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** Moving the view just enough, and the keyboard's focus with it. */
export function useViewport(frame: RefObject<HTMLElement | null>) {
  const flow = useReactFlow<FlowNode>()
  return useMemo(() => {
    const boxOnScreen = (id: string) => boxOf(flow, frame.current, id)
    const showNode = (id: string): void => {
      const box = boxOnScreen(id)
      if (box === null) return
      const { area } = box
      const dx = Math.max(0, area.left + LEFT - box.left) - Math.max(0, box.right - (area.right - MARGIN))
      const isUnderPlate = box.right + dx > area.right - PLATE.width && box.left + dx < area.right
      const top = area.top + (isUnderPlate ? PLATE.height : MARGIN)
      const dy = Math.max(0, top - box.top) - Math.max(0, box.bottom - (area.bottom - MARGIN - 30))
      if (dx === 0 && dy === 0) return
      const { x, y, zoom } = flow.getViewport()
      void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: wantsMotion() ? PANEL_MS : 0 })
    }
    const focusNode = (id: string): void => {
      showNode(id)
      // A card outside the view is only in the page once the view has come near.
      const tryFocus = (left: number) => {
        const card = frame.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`)
        if (card !== null && card !== undefined) card.focus({ preventScroll: true })
        else if (left > 0) setTimeout(() => tryFocus(left - 1), 60)
      }
      requestAnimationFrame(() => tryFocus(6))
    }
    return {
      showNode,
      focusNode,
      /** Once it has been drawn: bring it into view and put the focus on it. */
      reveal: (id: string) => {
        setTimeout(() => focusNode(id), 60)
      },
      underNode: (id: string): ScreenPoint => {
        const box = boxOnScreen(id)
        return box === null ? { x: 0, y: 0 } : { x: (box.left + box.right) / 2, y: box.bottom }
      },
      openFitted: () => fitAll(flow, frame.current),
    }
  }, [flow, frame])
}

type Flow = ReturnType<typeof useReactFlow<FlowNode>>

/** Where a node stands on the screen, and the ground it stands on. null: it is not drawn. */
function boxOf(flow: Flow, frame: HTMLElement | null, id: string) {
  const node = flow.getNode(id)
  const area = frame?.getBoundingClientRect()
  if (node === undefined || area === undefined) return null
  const at = flow.flowToScreenPosition(node.position)
  const zoom = flow.getZoom()
  return {
    area,
    left: at.x,
    top: at.y,
    right: at.x + (node.width ?? 0) * zoom,
    bottom: at.y + (node.height ?? 0) * zoom,
  }
}

function fitAll(flow: Flow, frame: HTMLElement | null): void {
  const area = frame?.getBoundingClientRect() ?? { width: 800, height: 600 }
  const boxes = flow.getNodes().map(({ position, width, height }) => ({
    ...position,
    width: width ?? 0,
    height: height ?? 0,
  }))
  void flow.setViewport(fittedView(boxes, area), { duration: 0 })
}
