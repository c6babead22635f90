import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportCheck } from '../../../shared/api/contacts.ts'
import { useImportCheck } from '../../api/imports.ts'
import { useFormat } from '../../app/use-format.ts'
import { Card } from '../../ui/card.tsx'
import styles from './check.module.css'
import { checkOf, type Draft } from './import-draft.ts'
import { RejectedRows } from './rejected-rows.tsx'

const PARTS = ['created', 'updated', 'duplicates', 'rejected'] as const

/** What would happen to each row if the import began now; nothing is written for it. */
export function CheckCard({ file, draft }: { file: File; draft: Draft }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const asked = checkOf(draft)
  const check = useImportCheck(file, asked)
  if (asked === null || !check.isPossible) return null
  const { data, isError, isFetching } = check
  const aside = isFetching ? t('import.check.running') : took()
  return (
    <Card title={t('import.check.title')} isSmall aside={<span className={styles.aside}>{aside}</span>}>
      {isError && <p className={styles.note}>{t('import.check.failed')}</p>}
      {data === undefined && !isError && <p className={styles.note}>{t('import.check.text')}</p>}
      {data !== undefined && <Checked check={data} />}
    </Card>
  )

  function took(): string {
    return data === undefined ? '' : t('import.check.took', { duration: format.duration(data.tookMs) })
  }
}

function Checked({ check }: { check: ImportCheck }) {
  const { t, i18n } = useTranslation('app')
  const format = useFormat()
  const [isOpen, setIsOpen] = useState(false)
  const reasonOf = (code: string): string =>
    i18n.exists(`app:import.reason.${code}`) ? t(`import.reason.${code}`) : code
  return (
    <>
      <span className={styles.bar} aria-hidden="true">
        {PARTS.map((part) => (
          <span key={part} data-part={part} style={{ flexGrow: check[part] }} />
        ))}
      </span>
      <dl className={`num ${styles.counts}`}>
        {PARTS.map((part) => (
          <div key={part} className={styles.pair}>
            <dt>
              <span className={styles.sign} data-part={part} aria-hidden="true" />
              {t(`import.run.${part}`)}
              {part === 'rejected' && check.rejected > 0 && (
                <UnstyledButton className={styles.see} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
                  {t(isOpen ? 'import.check.hide' : 'import.check.see')}
                </UnstyledButton>
              )}
            </dt>
            <dd>{format.count(check[part])}</dd>
          </div>
        ))}
        {check.reasons.map(({ code, n }) => (
          <div key={code} className={styles.reason}>
            <dt>{reasonOf(code)}</dt>
            <dd>{format.count(n)}</dd>
          </div>
        ))}
        <dt data-sum>{t('import.run.sum')}</dt>
        <dd data-sum>{format.count(check.rows)}</dd>
      </dl>
      {check.blocked > 0 && (
        <p className={`num ${styles.note}`}>
          {t('import.check.blocked', { count: check.blocked, shown: format.count(check.blocked) })}
        </p>
      )}
      {[...check.warnings, ...(check.problem === undefined ? [] : [check.problem])].map((sentence) => (
        <p key={sentence} className={styles.note} lang="en">
          {sentence}
        </p>
      ))}
      {isOpen && <RejectedRows errors={check.errors} rejected={check.rejected} isCheck />}
    </>
  )
}
