import type { Stats } from '../../../shared/api/workflows.ts'
import { useEditor } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import type { PanelServer } from '../../panels/server.ts'
import { AddPeopleDialog } from './add-people-dialog.tsx'
import type { Live } from './live.ts'
import { PauseDialog } from './pause-dialog.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { ResumeDialog } from './resume-dialog.tsx'
import type { Session } from './use-editor-session.ts'

export type StageDialog = 'publish' | 'add-people' | 'pause' | 'resume'

type Props = {
  open: StageDialog | null
  setOpen(dialog: StageDialog | null): void
  text: BuilderText
  live: Live
  stats: Stats | null
  server: PanelServer
  session: Session
  refreshLive(): Promise<void>
  onJump(nodeId: string): void
}

/** Whatever the bar, the foot or a strip asked for; one at a time. */
export function StageDialogs(props: Props) {
  const { open, setOpen, text, live, stats, server, session, refreshLive, onJump } = props
  const name = useEditor((s) => s.document.name)
  const onClose = () => setOpen(null)
  const target = { id: live.id, name, waiting: stats?.totals.waiting ?? null, pausedAt: live.pausedAt }
  const standing = { text, target, onDone: refreshLive, onClose }
  switch (open) {
    case 'publish':
      return (
        <PublishDialog
          text={text}
          workflowId={live.id}
          live={live}
          session={session}
          onClose={onClose}
          onJump={onJump}
          onPublished={refreshLive}
          onAddPeople={() => setOpen('add-people')}
        />
      )
    case 'add-people':
      return (
        <AddPeopleDialog
          text={text}
          workflowId={live.id}
          liveVersion={live.liveVersion}
          server={server}
          onClose={onClose}
        />
      )
    case 'pause':
      return <PauseDialog {...standing} />
    case 'resume':
      return <ResumeDialog {...standing} />
    default:
      return null
  }
}
