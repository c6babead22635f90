import { Button } from '@mantine/core'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import styles from './table.module.css'

type Props = {
  range: string
  previousLabel: string
  nextLabel: string
  onPrevious: (() => void) | null
  onNext: (() => void) | null
}

/** A range and Previous, Next; never page numbers. */
export function Paging({ range, previousLabel, nextLabel, onPrevious, onNext }: Props) {
  return (
    <div className={styles.foot}>
      <span className="num">{range}</span>
      <Button.Group>
        <Button
          leftSection={<ChevronLeft size={15} aria-hidden="true" />}
          disabled={onPrevious === null}
          onClick={onPrevious ?? undefined}
        >
          {previousLabel}
        </Button>
        <Button
          rightSection={<ChevronRight size={15} aria-hidden="true" />}
          disabled={onNext === null}
          onClick={onNext ?? undefined}
        >
          {nextLabel}
        </Button>
      </Button.Group>
    </div>
  )
}
