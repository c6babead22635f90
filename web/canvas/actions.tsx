import { createContext, useContext } from 'react'
import type { BuilderText } from '../editor/text.ts'
import type { NumberState } from './card-numbers.ts'

export type ScreenPoint = { x: number; y: number }
/** Where a step would be added: after an outcome of a node; `port: null` lets the gesture choose. */
export type AddPlace = { from: string; port: string | null }

/** What cards and edges may ask of the canvas. One stable object, so that cards are not drawn again. */
export type CanvasActions = {
  text: BuilderText
  openAddMenu(place: AddPlace, at: ScreenPoint): void
  openPeople(nodeId: string, state: NumberState, path?: string): void
  openEmail(stepId: string): void
  duplicate(ids: readonly string[]): void
  remove(ids: readonly string[]): void
  cut(lineId: string): void
}

export const CanvasActionsContext = createContext<CanvasActions | null>(null)

export function useCanvasActions(): CanvasActions {
  const actions = useContext(CanvasActionsContext)
  if (actions === null) throw new Error('a card is drawn outside the canvas')
  return actions
}
