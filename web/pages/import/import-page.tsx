import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { previewImport, type ReadAs, useStartImport } from '../../api/imports.ts'
import { FormProblem } from '../../app/form-problem.tsx'
import { Page } from '../../app/page.tsx'
import { ChooseFile } from './choose-file.tsx'
import { ConsentQuestion } from './consent-question.tsx'
import { FileFacts } from './file-facts.tsx'
import styles from './import.module.css'
import { type Draft, draftOf, mappingOf, optionsOf, targetsTwice } from './import-draft.ts'
import { MappingTable } from './mapping-table.tsx'

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
  const mapping = mappingOf(draft)
  const hasIdentity = Object.values(mapping).some((target) => target === 'email' || target === 'externalId')
  const twice = targetsTwice(draft)
  const waitsFor = !hasIdentity ? 'identity' : twice.length > 0 ? 'twice' : draft.consent === null ? 'consent' : null
  const options = optionsOf(draft)
  const go = (): void => {
    if (options !== null && waitsFor === null)
      start.mutate({ file, options }, { onSuccess: ({ importId }) => void navigate(`/contacts/import/${importId}`) })
  }
  return (
    <Page
      title={t('import.map.title')}
      trail={[{ label: t('contacts.title'), to: '/contacts' }]}
      here={t('contacts.import')}
      lead={<FileFacts file={file} draft={draft} onReadAs={onReadAs} />}
      actions={
        <div className={styles.go}>
          <div className={styles.buttons}>
            <Button component={Link} to="/contacts">
              {t('dialog.cancel')}
            </Button>
            <Button
              variant={waitsFor === null ? 'filled' : 'default'}
              disabled={waitsFor !== null}
              onClick={go}
              loading={start.isPending}
              aria-describedby="import-waits"
            >
              {t('import.go')}
            </Button>
          </div>
          <span id="import-waits" className={styles.waits} role="status">
            {start.isPending ? t('import.sending') : waitsFor === null ? '' : t(`import.waits.${waitsFor}`)}
          </span>
        </div>
      }
    >
      {start.error !== null && <FormProblem error={start.error} what={t('import.failed')} />}
      <div className={styles.columns}>
        <MappingTable draft={draft} onDraft={onDraft} />
        <ConsentQuestion draft={draft} onDraft={onDraft} />
      </div>
    </Page>
  )
}
