import { Button } from '@mantine/core'
import type { BuilderText } from '../editor/text.ts'
import type { Edits } from '../editor/use-edits.ts'
import { StepTile } from '../ui/step-tile.tsx'
import css from './empty-canvas.module.css'

type Props = { text: BuilderText; edits: Edits; reveal(id: string): void }

/** Nothing is drawn yet: what will be here, and the ways to begin. */
export function EmptyCanvas({ text: { t }, edits, reveal }: Props) {
  return (
    <div className={css.empty}>
      <h2 className={css.title}>{t('empty.title')}</h2>
      <p className={css.say}>{t('empty.say')}</p>
      <div className={css.offers}>
        <Button
          variant="filled"
          leftSection={<StepTile family="trigger" kind="event" size={24} />}
          onClick={() => reveal(`trigger:${edits.addTrigger('event')}`)}
        >
          {t('empty.event')}
        </Button>
        <Button
          leftSection={<StepTile family="trigger" kind="manual" size={24} />}
          onClick={() => reveal(`trigger:${edits.addTrigger('manual')}`)}
        >
          {t('empty.manual')}
        </Button>
      </div>
      <p className={css.hint}>{t('empty.hint')}</p>
    </div>
  )
}
