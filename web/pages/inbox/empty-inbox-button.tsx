import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { COUNTED_MAILS, countInbox, useEmptyInbox } from '../../api/messages.ts'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'

/** Mails that are gone do not come back, so it asks, and names how many. */
export function EmptyInboxButton() {
  const { t } = useTranslation('app')
  const format = useFormat()
  const empty = useEmptyInbox()
  const toast = useToast()
  const navigate = useNavigate()
  const failed = (error: Error): void => toast.failed(t('inbox.emptying.failed'), error)
  const count = useMutation({ mutationFn: countInbox, onSuccess: ask, onError: failed })
  return (
    <Button variant="outline" onClick={() => count.mutate()} loading={count.isPending || empty.isPending}>
      {t('inbox.emptying.action')}
    </Button>
  )

  function ask(mails: number): void {
    const isMany = mails > COUNTED_MAILS
    const values = { count: mails, shown: format.count(Math.min(mails, COUNTED_MAILS)) }
    modals.openConfirmModal({
      title: isMany ? t('inbox.emptying.titleMany', values) : t('inbox.emptying.title', values),
      children: t('inbox.emptying.text'),
      labels: {
        confirm: isMany ? t('inbox.emptying.confirmMany') : t('inbox.emptying.confirm', values),
        cancel: t('dialog.cancel'),
      },
      confirmProps: { variant: 'outline' },
      closeButtonProps: { 'aria-label': t('dialog.close') },
      onConfirm: () =>
        empty.mutate(undefined, {
          onSuccess: () => {
            toast.done(t('inbox.emptying.done'))
            void navigate('/inbox')
          },
          onError: failed,
        }),
    })
  }
}
