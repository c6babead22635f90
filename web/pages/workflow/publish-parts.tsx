import { Button } from '@mantine/core'
import { Minus, OctagonAlert, Pencil, Plus, Users } from 'lucide-react'
import type { PublishPreview } from '../../../shared/api/workflows.ts'
import { stepKindOf } from '../../../shared/workflow/kinds.ts'
import { useEditor } from '../../editor/context.tsx'
import { problemText } from '../../editor/problem-text.ts'
import type { BuilderText } from '../../editor/text.ts'
import { nameOfNode } from '../../editor/use-edits.ts'
import { StepTile } from '../../ui/step-tile.tsx'
import css from './dialogs.module.css'
import { wayTo } from './problems-button.tsx'
import type { problemsOf } from './use-editor-session.ts'

type ProblemsProps = {
  problems: ReturnType<typeof problemsOf>
  text: BuilderText
  onJump(nodeId: string): void
  onClose(): void
}

/** What stands against it, each with the way there. */
export function PublishProblems({ problems, text, onJump, onClose }: ProblemsProps) {
  const document = useEditor((s) => s.document)
  return (
    <>
      <h3 className={css.h}>{text.t('publish.problems', { count: problems.length })}</h3>
      <ul className={css.problems}>
        {problems.map((problem) => {
          const stepOfEmail = (key: string) => document.steps.find((s) => s.email === key)?.id
          const { where, go } = wayTo(problem, document, text, {
            onJump,
            onEmail: (key) => onJump(stepOfEmail(key) ?? key),
          })
          return (
            <li key={`${problem.code}${problem.path}${problem.message}`}>
              <OctagonAlert size={16} aria-hidden />
              <div>
                {where !== null && <b>{where}: </b>}
                {problemText(problem, text.t)}
              </div>
              {go !== null && (
                <Button
                  size="compact-sm"
                  onClick={() => {
                    onClose()
                    go()
                  }}
                >
                  {text.t('publish.go')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}

type PeopleProps = { preview: PublishPreview; text: BuilderText }

/** Who can enter, and what becomes of those inside. */
export function PublishPeople({ preview, text }: PeopleProps) {
  const { t, formats } = text
  const canEnter = preview.canEnter ?? 0
  const lackConsent = preview.lackConsent ?? 0
  const inside = preview.inside.reduce((sum, row) => sum + row.people, 0)
  const steps = preview.inside.filter((row) => row.people > 0)
  return (
    <>
      <div className={css.card}>
        <Users size={18} aria-hidden />
        <div>
          <b className={css.number}>{t('publish.can-enter', { count: canEnter, number: formats.count(canEnter) })}</b>
          {canEnter > 0 && (
            <div className={css.small}>
              {lackConsent === 0
                ? t('publish.all-consent')
                : t('publish.lack-consent', { count: lackConsent, number: formats.count(lackConsent) })}
            </div>
          )}
          <div className={css.small}>
            {t(preview.hasManualTrigger ? 'publish.enters-manual' : 'publish.enters-event')}
          </div>
        </div>
      </div>
      <h3 className={css.h}>
        {inside === 0
          ? t('publish.nobody-inside')
          : t('publish.inside', { count: inside, number: formats.count(inside) })}
      </h3>
      {steps.length > 0 && <InsideTable rows={steps} text={text} />}
    </>
  )
}

type InsideProps = { rows: PublishPreview['inside']; text: BuilderText }

function InsideTable({ rows, text }: InsideProps) {
  const { t, formats } = text
  const document = useEditor((s) => s.document)
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th>{t('publish.waiting-at')}</th>
          <th className={css.right}>{t('publish.people')}</th>
          <th>{t('publish.so-that')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.version}${row.stepId}`}>
            <td>
              <span className={css.step}>
                <StepTile family={stepKindOf(row.kind)?.family ?? 'action'} kind={row.kind} size={24} />{' '}
                {row.inDraft ? nameOfNode(document, row.stepId, text) : row.title || t(`kind.${row.kind}.name`)}
              </span>
            </td>
            <td className={css.right}>{formats.count(row.people)}</td>
            <td className={css.small}>
              {t(row.inDraft ? 'publish.finish' : 'publish.finish-removed', { version: row.version })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What differs from the live version. */
export function PublishChanges({ preview, text }: { preview: PublishPreview; text: BuilderText }) {
  const document = useEditor((s) => s.document)
  const { t } = text
  return (
    <>
      <h3 className={css.h}>{t('publish.changes', { count: preview.changes.length })}</h3>
      {preview.changes.length === 0 && <p className={css.small}>{t('publish.no-changes')}</p>}
      <ul className={css.changes}>
        {preview.changes.map((change) => (
          <li key={`${change.change}${change.stepId}`} data-change={change.change}>
            {change.change === 'added' ? (
              <Plus size={14} aria-hidden />
            ) : change.change === 'removed' ? (
              <Minus size={14} aria-hidden />
            ) : (
              <Pencil size={14} aria-hidden />
            )}
            <span>
              <b>
                {change.change === 'removed'
                  ? change.title || change.stepId
                  : nameOfNode(document, change.stepId, text)}
              </b>{' '}
              {t(`publish.${change.change}`)}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
