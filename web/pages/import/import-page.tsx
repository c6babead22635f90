import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { previewImport, type ReadAs, useStartImport } from '../../api/imports.ts'
import { FormProblem } from '../../app/form-problem.tsx'
import { Page } from '../../app/page.tsx'
import { useFormat } from '../../app/use-format.ts'
import { CheckCard } from './check-card.tsx'
import { ChooseFile } from './choose-file.tsx'
import { ConsentQuestion } from './consent-question.tsx'
import { FileFacts } from './file-facts.tsx'
import styles from './import.module.css'
import { type Draft, draftOf, optionsOf, waitsFor } from './import-draft.ts'
import { MappingTable } from './mapping-table.tsx'
import { useRowCount } from './use-row-count.ts'

/** A file of contacts: choose it, say what is in which column, answer the question of consent, go. */
export function ImportPage() {
  const { t } = useTranslation('app')
  const [file, setFile] = useState<File | null>(null)
  const [draft, setDraft] = useState<Draft | null>(null)
  const look = useMutation({
    mutationFn: (asked: { file: File; readAs: ReadAs }) => previewImport(asked.file, asked.readAs),
    onSuccess: (preview, { readAs }) => setDraft((before) => draftOf(preview, readAs, before)),
  })
  const choose = (chosen: File): void => {
    setFile(chosen)
    setDraft(null)
    look.mutate({ file: chosen, readAs: {} })
  }
  const trail = [{ label: t('contacts.title'), to: '/contacts' }]
  if (file === null || draft === null)
    return (
      <Page title={t('import.choose.title')} lead={t('import.choose.lead')} trail={trail}>
        {look.error !== null && <FormProblem error={look.error} what={t('import.choose.failed')} />}
        <ChooseFile onChoose={choose} isBusy={look.isPending} />
      </Page>
    )
  return <Mapping file={file} draft={draft} onDraft={setDraft} onReadAs={(readAs) => look.mutate({ file, readAs })} />
}

type MappingProps = {
  file: File
  draft: Draft
  onDraft: (draft: Draft) => void
  onReadAs: (readAs: ReadAs) => void
}

function Mapping({ file, draft, onDraft, onReadAs }: MappingProps) {
  const { t } = useTranslation('app')
  const navigate = useNavigate()
  const start = useStartImport()
  const format = useFormat()
  const rows = useRowCount(file, draft.preview)
  const waits = waitsFor(draft)
  const options = optionsOf(draft)
  const go = (): void => {
    if (options === null || waits !== null) return
    const onSuccess = ({ importId }: { importId: string }) =>
      void navigate(`/contacts/import/${importId}`, { state: { rows } })
    start.mutate({ file, options }, { onSuccess })
  }
  return (
    <Page
      title={t('import.map.title')}
      trail={[{ label: t('contacts.title'), to: '/contacts' }]}
      here={t('contacts.import')}
      lead={<FileFacts file={file} rows={rows} draft={draft} onReadAs={onReadAs} />}
      actions={
        <div className={styles.go}>
          <div className={styles.buttons}>
            <Button component={Link} to="/contacts">
              {t('dialog.cancel')}
            </Button>
            <Button
              variant={waits === null ? 'filled' : 'default'}
              disabled={waits !== null}
              onClick={go}
              loading={start.isPending}
              aria-describedby="import-waits"
            >
              {rows === null ? t('import.go') : t('import.goPeople', { count: rows, shown: format.count(rows) })}
            </Button>
          </div>
          <span id="import-waits" className={styles.waits} role="status">
            {start.isPending ? t('import.sending') : waits === null ? '' : t(`import.waits.${waits}`)}
          </span>
        </div>
      }
    >
      {start.error !== null && <FormProblem error={start.error} what={t('import.failed')} />}
      <div className={styles.columns}>
        <MappingTable draft={draft} onDraft={onDraft} />
        <ConsentQuestion draft={draft} onDraft={onDraft}>
          <CheckCard file={file} draft={draft} />
        </ConsentQuestion>
      </div>
    </Page>
  )
}
