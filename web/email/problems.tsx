import { Check, OctagonAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PreviewAnswer } from '../../shared/api/workflows.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import { problemText } from '../editor/problem-text.ts'
import type { BuilderText } from '../editor/text.ts'
import css from './email-editor.module.css'
import type { Person } from './person.ts'
import { lineOfProblem } from './variables.ts'

/** Gmail cuts off what comes after this. */
const CLIPPED_KB = 102
type Props = {
  text: BuilderText
  answer: PreviewAnswer | null
  /** What the draft itself shows, without rendering: e.g. links still to fill in. */
  notes: readonly Problem[]
  person: Person | null
  onLine(line: number): void
  onSubject(): void
}

/** What stands between this email and the inbox, each with a way to its place. */
export function EmailProblems({ text: { t, formats }, answer, notes, person, onLine, onSubject }: Props) {
  if (answer === null) return null
  const kilobytes = Math.round(answer.sizeBytes / 102.4) / 10
  const isClipped = kilobytes > CLIPPED_KB
  const told = new Set(answer.problems.map((problem) => problem.code))
  // Missing values are said below, for the person shown.
  const others = notes.filter(({ code }) => !told.has(code) && code !== 'variable-without-fallback')
  const isFine = answer.problems.length === 0 && answer.missing.length === 0
  return (
    <ul className={css.problems} aria-label={t('mail.before')} aria-live="polite">
      {answer.problems.map((problem) => {
        const line = lineOfProblem(problem.message)
        const isSubject = problem.path.endsWith('subject')
        return (
          <Line key={`${problem.code}${problem.path}${problem.message}`} severity={problem.severity ?? 'error'}>
            <span>
              {t(`problem:${problem.code}`, problem.params ?? {})} <span className={css.words}>{problem.message}</span>
            </span>
            {line !== null && (
              <button type="button" className={css.jump} onClick={() => onLine(line)}>
                {t('mail.line', { line })}
              </button>
            )}
            {isSubject && (
              <button type="button" className={css.jump} onClick={onSubject}>
                {t('mail.to-subject')}
              </button>
            )}
          </Line>
        )
      })}
      {others.map((problem) => (
        <Line key={`${problem.code}${problem.path}`} severity="warning">
          <span>{problemText(problem, t)}</span>
        </Line>
      ))}
      {answer.missing.map((name) => (
        <Line key={name} severity="warning">
          <span>
            {person === null ? t('mail.missing-example', { name }) : t('mail.missing', { name, person: person.name })}
          </span>
        </Line>
      ))}
      {isFine && <Line severity="fine">{t(person === null ? 'mail.fine-example' : 'mail.fine')}</Line>}
      {answer.sizeBytes > 0 && (
        <Line severity={isClipped ? 'warning' : 'fine'}>
          {t(isClipped ? 'mail.clipped' : 'mail.size', { size: formats.count(kilobytes) })}
        </Line>
      )}
    </ul>
  )
}

function Line({ severity, children }: { severity: 'error' | 'warning' | 'fine'; children: ReactNode }) {
  const Icon = severity === 'error' ? OctagonAlert : severity === 'warning' ? TriangleAlert : Check
  return (
    <li data-severity={severity}>
      <Icon size={15} aria-hidden /> {children}
    </li>
  )
}
