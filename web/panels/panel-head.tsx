import { ActionIcon, Menu } from '@mantine/core'
import { Copy, Ellipsis, OctagonAlert, Trash2, TriangleAlert, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Problem } from '../../shared/workflow/problem.ts'
import { useEditorStore } from '../editor/context.tsx'
import { problemText } from '../editor/problem-text.ts'
import { triggerOfNode } from '../editor/slice.ts'
import type { PanelTools } from './panel-context.ts'
import css from './side-panel.module.css'

type HeadProps = {
  tools: PanelTools
  close(): void
  nodeId: string | null
  tile: ReactNode
  kindLine: string
  children: ReactNode
}

export function PanelHead({ tools, close, nodeId, tile, kindLine, children }: HeadProps) {
  const { t } = tools.text
  return (
    <header className={css.head}>
      {tile}
      <div className={css.names}>
        {children}
        <div className={css.kind}>{kindLine}</div>
      </div>
      {nodeId !== null && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t('panel.more')}>
              <Ellipsis size={17} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {triggerOfNode(nodeId) === null && (
              <Menu.Item leftSection={<Copy size={15} aria-hidden />} onClick={() => tools.edits.duplicate([nodeId])}>
                {t('panel.duplicate')}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<Trash2 size={15} aria-hidden />} onClick={() => tools.edits.remove([nodeId])}>
              {t('panel.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <ActionIcon aria-label={t('panel.close')} onClick={close}>
        <X size={17} aria-hidden />
      </ActionIcon>
    </header>
  )
}

export function ProblemList({ problems, tools }: { problems: readonly Problem[]; tools: PanelTools }) {
  const before = useRef(problems.length)
  const store = useEditorStore()
  const { t } = tools.text
  useEffect(() => {
    if (problems.length < before.current) store.getState().announce(t('say.solved', { count: problems.length }))
    before.current = problems.length
  }, [problems.length, store, t])
  if (problems.length === 0) return null
  return (
    <ul className={css.problems} aria-label={t('panel.problems')}>
      {problems.map((problem) => (
        <li key={`${problem.code}:${problem.path}`} data-severity={problem.severity}>
          {problem.severity === 'error' ? (
            <OctagonAlert size={15} aria-hidden />
          ) : (
            <TriangleAlert size={15} aria-hidden />
          )}
          <span>{problemText(problem, t)}</span>
        </li>
      ))}
    </ul>
  )
}
