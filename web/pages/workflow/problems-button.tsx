import { Popover } from '@mantine/core'
import { Check, OctagonAlert, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { placeOf } from '../../../shared/workflow/check.ts'
import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import type { Problem } from '../../../shared/workflow/problem.ts'
import { useEditor } from '../../editor/context.tsx'
import { problemText } from '../../editor/problem-text.ts'
import { SETTINGS_NODE, triggerNode } from '../../editor/slice.ts'
import type { BuilderText } from '../../editor/text.ts'
import { nameOfNode } from '../../editor/use-edits.ts'
import css from './workflow-page.module.css'

type Way = { where: string | null; go: (() => void) | null }
type Jumps = { onJump(nodeId: string): void; onEmail(key: string): void }

/** Where a problem is, in words, and the way there. */
export function wayTo(
  problem: Pick<Problem, 'path' | 'stepId'>,
  document: WorkflowDocument,
  text: BuilderText,
  { onJump, onEmail }: Jumps,
): Way {
  const place = placeOf(problem, document)
  switch (place.kind) {
    case 'step':
      return { where: nameOfNode(document, place.id, text), go: () => onJump(place.id) }
    case 'trigger':
      return { where: nameOfNode(document, triggerNode(place.id), text), go: () => onJump(triggerNode(place.id)) }
    case 'email':
      return {
        where: place.stepId === null ? text.t('problems.email') : nameOfNode(document, place.stepId, text),
        go: () => onEmail(place.key),
      }
    case 'settings':
      return { where: text.t('bar.settings'), go: () => onJump(SETTINGS_NODE) }
    case 'workflow':
      return { where: null, go: null }
  }
}

/** How many problems stand against publishing, and the way to each. */
export function ProblemsButton({ text, ...jumps }: { text: BuilderText } & Jumps) {
  const problems = useEditor((s) => s.problems)
  const [isOpen, setOpen] = useState(false)
  const { t } = text
  const errors = problems.filter((p) => p.severity === 'error').length
  const warnings = problems.length - errors
  const state = errors > 0 ? 'problem' : warnings > 0 ? 'warning' : 'fine'
  const label =
    errors > 0
      ? t('problems.errors', { count: errors })
      : warnings > 0
        ? t('problems.look', { count: warnings })
        : t('problems.none')
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={380} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <button type="button" className={css.problems} data-state={state} onClick={() => setOpen((open) => !open)}>
          <StateIcon state={state} />
          {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        {problems.length === 0 ? (
          <p className={css.popText}>{t('problems.ready')}</p>
        ) : (
          <ProblemList text={text} {...jumps} onGone={() => setOpen(false)} />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function StateIcon({ state }: { state: 'problem' | 'warning' | 'fine' }) {
  if (state === 'problem') return <OctagonAlert size={15} aria-hidden />
  if (state === 'warning') return <TriangleAlert size={15} color="var(--p-honey)" aria-hidden />
  return <Check size={15} aria-hidden />
}

/** `onGone`: somebody takes the way to one of them. */
function ProblemList({ text, onGone, ...jumps }: { text: BuilderText; onGone(): void } & Jumps) {
  const problems = useEditor((s) => s.problems)
  const document = useEditor((s) => s.document)
  return (
    <ul className={css.problemList}>
      {problems.map((problem) => {
        const { where, go } = wayTo(problem, document, text, jumps)
        return (
          <li key={`${problem.code}${problem.path}`} data-severity={problem.severity}>
            {problem.severity === 'error' ? (
              <OctagonAlert size={15} aria-hidden />
            ) : (
              <TriangleAlert size={15} aria-hidden />
            )}
            <div>
              {go !== null && where !== null && (
                <button
                  type="button"
                  className={css.jump}
                  onClick={() => {
                    onGone()
                    go()
                  }}
                >
                  {where}
                </button>
              )}
              <div>{problemText(problem, text.t)}</div>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
