import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/errors.ts'
import { Note } from '../ui/note.tsx'
import styles from './form-problem.module.css'
import { reasonKey } from './query-failure.tsx'

/** Why a form was not taken: our sentence, then what the server said of each value. Nothing typed is lost. */
export function FormProblem({ error, what }: { error: Error; what: string }) {
  const { t } = useTranslation('app')
  const said =
    error instanceof ApiError
      ? [...new Set([error.details?.detail, ...(error.details?.problems ?? []).map(({ message }) => message)])].filter(
          (text) => text !== undefined,
        )
      : []
  return (
    <Note tone="problem" isLive>
      <p>
        <strong>{what}</strong> {t(reasonKey(error))}
      </p>
      {said.map((text) => (
        <p key={text} className={`mono ${styles.said}`} lang="en">
          {text}
        </p>
      ))}
    </Note>
  )
}
