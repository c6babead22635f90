import { Button, FileButton } from '@mantine/core'
import { FileSpreadsheet } from 'lucide-react'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './import.module.css'

/** Drop a file here, or choose it. */
export function ChooseFile({ onChoose, isBusy }: { onChoose: (file: File) => void; isBusy: boolean }) {
  const { t } = useTranslation('app')
  const [isOver, setIsOver] = useState(false)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    const file = event.dataTransfer.files[0]
    if (file !== undefined) onChoose(file)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button does the same
    <div
      className={styles.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <FileSpreadsheet size={28} aria-hidden="true" />
      <p className={styles.dropTitle}>{t('import.choose.drop')}</p>
      <FileButton
        onChange={(file) => file !== null && onChoose(file)}
        accept=".csv,.tsv,.txt,text/csv"
        inputProps={{ 'aria-label': t('import.choose.button') }}
      >
        {(props) => (
          <Button {...props} variant="filled" loading={isBusy}>
            {t('import.choose.button')}
          </Button>
        )}
      </FileButton>
      <p className={styles.dropHint}>{t('import.choose.hint')}</p>
    </div>
  )
}
