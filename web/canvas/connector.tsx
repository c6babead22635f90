import { outsOf } from '../../shared/workflow/kinds.ts'
import { useEditorStore } from '../editor/context.tsx'
import type { BuilderText } from '../editor/text.ts'
import { type Edits, nameOfNode } from '../editor/use-edits.ts'
import type { ScreenPoint } from './actions.tsx'
import css from './connector.module.css'
import type { Connecting } from './run-command.ts'
import { PathMenu } from './step-menu.tsx'
import { labelOf } from './to-flow.ts'

/** A line was drawn from a step with several outcomes: which of them leads there? */
export type Joining = { from: string; to: string; at: ScreenPoint }
type Props = { text: BuilderText; connecting: Connecting | null; joining: Joining | null; edits: Edits; onDone(): void }

/** What is asked while a connection is being made, by pointer or by keyboard. */
export function Connector({ text, connecting, joining, edits, onDone }: Props) {
  const store = useEditorStore()
  const { document } = store.getState()
  const portsOf = (id: string) => {
    const step = document.steps.find((s) => s.id === id)
    return step === undefined
      ? []
      : outsOf(step).map((out) => ({ port: out.port, label: labelOf(step, out.label, out.port, text) ?? '' }))
  }
  if (joining !== null) {
    const pick = (port: string) => {
      edits.connect(joining.from, port, joining.to)
      onDone()
    }
    return <PathMenu at={joining.at} text={text} ports={portsOf(joining.from)} onPick={pick} onClose={onDone} />
  }
  if (connecting === null) return null
  const label = portsOf(connecting.from).find((p) => p.port === connecting.port)?.label ?? ''
  const from = nameOfNode(document, connecting.from, text)
  const to = connecting.to === null ? null : nameOfNode(document, connecting.to, text)
  return (
    <div className={css.banner} role="status">
      {label === '' ? text.t('connect.from', { from }) : text.t('connect.from-path', { from, path: label })}{' '}
      <b>{to === null ? text.t('connect.choose') : text.t('connect.to', { to })}</b>
      <span className={css.keys}>{text.t('connect.keys')}</span>
    </div>
  )
}
