import { useTranslation } from 'react-i18next'
import { AnswerError, ApiError, UnreachableError } from '../api/errors.ts'
import { Failure } from '../ui/failure.tsx'

type Props = {
  /** What could not be read: a key under `error.what`. */
  of: 'session' | 'workflows' | 'contacts' | 'contact' | 'journal' | 'import' | 'messages' | 'inbox' | 'settings'
  error: Error
  onRetry: () => unknown
}

/** What failed, what is safe, what to do; the server's own words folded away. */
export function QueryFailure({ of, error, onRetry }: Props) {
  const { t } = useTranslation('app')
  return (
    <Failure
      title={t(`error.what.${of}`)}
      detail={t(reasonKey(error))}
      action={t('error.retry')}
      onAction={() => void onRetry()}
      moreLabel={t('error.details')}
      more={error.message}
    />
  )
}

/** The catalogue's sentence for why a call failed and what is safe. */
export function reasonKey(error: Error): string {
  if (error instanceof UnreachableError) return 'error.reason.unreachable'
  if (error instanceof AnswerError) return 'error.reason.answer'
  if (!(error instanceof ApiError)) return 'error.reason.unknown'
  if (error.status === 401) return 'error.reason.signedOut'
  if (error.status === 403) return 'error.reason.forbidden'
  if (error.status === 404) return 'error.reason.missing'
  if (error.status === 429) return 'error.reason.tooOften'
  return error.status >= 500 ? 'error.reason.server' : 'error.reason.refused'
}
