import type { Stats } from '../../shared/api/workflows.ts'
import type { BuilderText } from '../editor/text.ts'
import type { Edits } from '../editor/use-edits.ts'
import type { PanelServer } from './server.ts'

/** What every panel gets besides the document. */
export type PanelTools = {
  text: BuilderText
  server: PanelServer
  stats: Stats | null
  edits: Edits
  openEmail(stepId: string): void
  openPeople(nodeId: string, state: string): void
  addPeople(): void
}
