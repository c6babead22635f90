/** Which door is open: set-up once, then sign-in, then the product. */
import { Navigate, Outlet, useLocation } from 'react-router'
import type { SessionState } from '../../shared/api/session.ts'
import { useSession } from '../api/session.ts'
import styles from './error-boundary.module.css'
import { Opening } from './opening.tsx'
import { QueryFailure } from './query-failure.tsx'
import { useSessionLanguage } from './use-language.ts'

type Room = 'setup' | 'sign-in' | 'product'
const ADDRESS: Record<Room, string> = { setup: '/setup', 'sign-in': '/sign-in', product: '/' }

const roomOf = (session: SessionState): Room =>
  session.needsSetup ? 'setup' : session.user === null ? 'sign-in' : 'product'

export const Gate = () => <Door room="product" />
export const SetUpGate = () => <Door room="setup" />
export const SignInGate = () => <Door room="sign-in" />

function Door({ room }: { room: Room }) {
  const session = useSession()
  const location = useLocation()
  useSessionLanguage()
  if (session.data === undefined && session.isError)
    return (
      <main className={styles.place}>
        <QueryFailure of="session" error={session.error} onRetry={() => session.refetch()} />
      </main>
    )
  if (session.data === undefined) return <Opening />
  const open = roomOf(session.data)
  if (open === room) return <Outlet />
  // Whoever was sent away to sign in comes back to where they wanted to go.
  const wanted: unknown = location.state?.wanted
  if (open === 'product') return <Navigate to={typeof wanted === 'string' ? wanted : ADDRESS.product} replace />
  return <Navigate to={ADDRESS[open]} replace state={{ wanted: `${location.pathname}${location.search}` }} />
}
