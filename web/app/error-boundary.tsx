import { Component, type ErrorInfo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../ui/failure.tsx'
import styles from './error-boundary.module.css'

type Props = { children: ReactNode /** A change of it (the address) tries again. */; resetKey?: string }
type State = { error: Error | null; resetKey: string | undefined }

/** A page that breaks says so in its place, with what is safe; the rest of the product stays usable. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, resetKey: this.props.resetKey }

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error }
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack)
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return <Broken error={this.state.error} onRetry={() => this.setState({ error: null })} />
  }
}

function Broken({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation('app')
  return (
    <div className={styles.place}>
      <Failure
        title={t('error.page.title')}
        detail={t('error.page.safe')}
        action={t('error.retry')}
        onAction={onRetry}
        moreLabel={t('error.details')}
        more={error.stack ?? error.message}
      />
    </div>
  )
}
