import { Button, Group, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { BuilderText } from '../../editor/text.ts'
import { useReturnFocus } from '../../editor/use-return-focus.ts'
import css from './dialogs.module.css'

/** The workflow, and how many people stand in it; null: not known just now. */
export type StandingTarget = { id: string; name: string; waiting: number | null; pausedAt: string | null }
export type StandingProps = {
  text: BuilderText
  target: StandingTarget
  onDone(): Promise<unknown>
  onClose(): void
}
type Props = StandingProps & {
  of: 'pause' | 'resume'
  icon: ReactNode
  size: number
  act(): Promise<unknown>
  children: ReactNode
}

/** Stopping a workflow, or setting it going: who stands in it, what follows, and the deed. */
export function StandingDialog({ text, target, onDone, onClose, of, icon, size, act, children }: Props) {
  const { t, formats } = text
  useReturnFocus()
  const acting = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await onDone()
      onClose()
    },
  })
  const { waiting } = target
  const people = waiting === null ? null : { count: waiting, number: formats.count(waiting) }
  const who = of === 'pause' ? 'pause.people' : 'resume.waiting'
  return (
    <Modal
      opened
      onClose={onClose}
      size={size}
      padding="xl"
      title={t(`${of}.title`, { name: target.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {people !== null && <p className={css.lead}>{people.count === 0 ? t(`${who}-none`) : t(who, people)}</p>}
      {children}
      {acting.isError && (
        <p role="alert" className={css.bad}>
          {t(`${of}.failed`)} {acting.error.message}
        </p>
      )}
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>{t(`${of}.keep`)}</Button>
        <Button variant="filled" leftSection={icon} loading={acting.isPending} onClick={() => acting.mutate()}>
          {people === null || people.count === 0 ? t(`${of}.do-none`) : t(`${of}.do`, people)}
        </Button>
      </Group>
    </Modal>
  )
}
