import { Code, Copy, Plus, Trash2 } from 'lucide-react'
import { useCanvasActions } from '../actions.tsx'
import css from './step-card.module.css'

/** What can be done with one card, shown on hover. The same stands in the panel's menu and on keys. */
type Props = { id: string; kind: string; title: string; hasOuts: boolean }

export function CardActions({ id, kind, title, hasOuts }: Props) {
  const actions = useCanvasActions()
  const { t } = actions.text
  const isTrigger = id.startsWith('trigger:')
  return (
    <div className={`${css.actions} nodrag`}>
      {kind === 'send-email' ? (
        <Action name={t('canvas.edit-email', { title })} onClick={() => actions.openEmail(id)}>
          <Code size={14} aria-hidden />
        </Action>
      ) : (
        !isTrigger &&
        hasOuts && (
          <Action
            name={t('canvas.add-after-step', { title })}
            onClick={(at) => actions.openAddMenu({ from: id, port: null }, at)}
          >
            <Plus size={14} aria-hidden />
          </Action>
        )
      )}
      {!isTrigger && (
        <Action name={t('canvas.duplicate', { title })} onClick={() => actions.duplicate([id])}>
          <Copy size={14} aria-hidden />
        </Action>
      )}
      <Action name={t('canvas.remove', { title })} onClick={() => actions.remove([id])}>
        <Trash2 size={14} aria-hidden />
      </Action>
    </div>
  )
}

type ActionProps = { name: string; onClick: (at: { x: number; y: number }) => void; children: React.ReactNode }

function Action({ name, onClick, children }: ActionProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={css.action}
      aria-label={name}
      title={name}
      onClick={(event) => {
        event.stopPropagation()
        const box = event.currentTarget.getBoundingClientRect()
        onClick({ x: box.left, y: box.bottom })
      }}
    >
      {children}
    </button>
  )
}
