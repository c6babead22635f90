import { notifications } from '@mantine/notifications'
import { Check, CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { reasonKey } from './query-failure.tsx'
import styles from './toast.module.css'

const SAID_MS = 6_000
const UNDO_MS = 10_000

/** Say that something was done (6 s) or offer to take it back (10 s, and as long as hovered). */
export function useToast() {
  const { t } = useTranslation('app')
  return {
    done: (message: string): void => {
      notifications.show({ message, icon: <Check size={16} aria-hidden="true" />, autoClose: SAID_MS, ...closeable(t) })
    },
    failed: (what: string, error: Error): void => {
      notifications.show({
        title: what,
        message: t(reasonKey(error)),
        icon: <CircleAlert size={16} aria-hidden="true" />,
        autoClose: UNDO_MS,
        ...closeable(t),
      })
    },
    undoable: (message: string, undo: () => void): void => {
      const id = notifications.show({
        message: (
          <span className={styles.line}>
            {message}
            <button
              type="button"
              className={styles.undo}
              onClick={() => {
                undo()
                notifications.hide(id)
              }}
            >
              {t('toast.undo')}
            </button>
          </span>
        ),
        icon: <Check size={16} aria-hidden="true" />,
        autoClose: UNDO_MS,
        ...closeable(t),
      })
    },
  }
}

const closeable = (t: (key: string) => string) => ({ closeButtonProps: { 'aria-label': t('toast.close') } })
