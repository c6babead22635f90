import { Button, Group, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { CirclePause, Clock, DoorOpen, MailX, Radio } from 'lucide-react'
import { pauseWorkflow } from '../../api/workflows.ts'
import type { BuilderText } from '../../editor/text.ts'
import { useReturnFocus } from '../../editor/use-return-focus.ts'
import css from './dialogs.module.css'

/** What both dialogs name: the workflow, and how many people stand in it. */
export type PauseTarget = { id: string; name: string; waiting: number; pausedAt: string | null }
type Props = { text: BuilderText; target: PauseTarget; onDone(): Promise<unknown>; onClose(): void }

const EFFECTS = [
  { key: 'clocks', Icon: Clock },
  { key: 'mail', Icon: MailX },
  { key: 'events', Icon: Radio },
  { key: 'exits', Icon: DoorOpen },
] as const

/** What standing still means, before: for people, for queued mail, for what happens meanwhile. */
export function PauseDialog({ text, target, onDone, onClose }: Props) {
  const { t, formats } = text
  useReturnFocus()
  const pausing = useMutation({
    mutationFn: () => pauseWorkflow(target.id),
    onSuccess: async () => {
      await onDone()
      onClose()
    },
  })
  const people = { count: target.waiting, number: formats.count(target.waiting) }
  return (
    <Modal
      opened
      onClose={onClose}
      size={540}
      padding="xl"
      title={t('pause.title', { name: target.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p className={css.lead}>{target.waiting === 0 ? t('pause.people-none') : t('pause.people', people)}</p>
      <ul className={css.effects}>
        {EFFECTS.map(({ key, Icon }) => (
          <li key={key}>
            <Icon size={16} aria-hidden />
            <span>{t(`pause.${key}`)}</span>
          </li>
        ))}
      </ul>
      <p className={css.small}>{t('pause.later')}</p>
      {pausing.isError && (
        <p role="alert" className={css.bad}>
          {t('pause.failed')} {pausing.error.message}
        </p>
      )}
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>{t('pause.keep')}</Button>
        <Button
          variant="filled"
          leftSection={<CirclePause size={16} aria-hidden />}
          loading={pausing.isPending}
          onClick={() => pausing.mutate()}
        >
          {target.waiting === 0 ? t('pause.do-none') : t('pause.do', people)}
        </Button>
      </Group>
    </Modal>
  )
}
