import { NativeSelect } from '@mantine/core'
import { ArrowRight, Check, Minus, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFields } from '../../api/contacts.ts'
import { Note } from '../../ui/note.tsx'
import tables from '../../ui/table.module.css'
import styles from './import.module.css'
import { attributeOf, type Draft, targetsTwice, whyOfGuess, withTarget } from './import-draft.ts'

const SAMPLES_SHOWN = 3
const BUILT_IN = ['email', 'externalId', 'timezone', 'locale', 'tags'] as const
const KNOWN_WHYS = [
  'own-export',
  'same-header',
  'known-word',
  'looks-like-email',
  'looks-like-zone',
  'new-attribute',
  'known-attribute',
  'empty',
]

/** What is in which column: each guess says why, each can be changed. */
export function MappingTable({ draft, onDraft }: { draft: Draft; onDraft: (draft: Draft) => void }) {
  const { t } = useTranslation('app')
  return (
    <div className={styles.mapping}>
      {draft.preview.warnings.map((warning) => (
        <Note key={warning} tone="warning">
          {warning === 'no-identity-column' ? <p>{t('import.map.noIdentity')}</p> : <p lang="en">{warning}</p>}
        </Note>
      ))}
      <div className={tables.frame}>
        <table className={tables.table}>
          <caption className="p-hidden">{t('import.map.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('import.map.column')}</th>
              <th scope="col" className={tables.middle}>
                {t('import.map.samples')}
              </th>
              <th scope="col" className={tables.middle}>
                <span className="p-hidden">{t('import.map.goesTo')}</span>
              </th>
              <th scope="col">{t('import.map.goesTo')}</th>
              <th scope="col" className={tables.middle}>
                {t('import.map.why')}
              </th>
            </tr>
          </thead>
          <tbody>
            {draft.preview.columns.map((column, index) => (
              <MappingRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its position; headers may repeat
                key={index}
                draft={draft}
                index={index}
                onTarget={(target) => onDraft(withTarget(draft, index, target))}
                column={column}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.rule}>{t('import.map.rule')}</p>
    </div>
  )
}

type RowProps = {
  draft: Draft
  index: number
  column: Draft['preview']['columns'][number]
  onTarget: (target: string | null) => void
}

function MappingRow({ draft, index, column, onTarget }: RowProps) {
  const { t } = useTranslation('app')
  const target = draft.targets[index] ?? null
  const isTwice = target !== null && targetsTwice(draft).includes(target)
  return (
    <tr data-left-out={target === null || undefined}>
      <td className={styles.header}>{column.name}</td>
      <td className={tables.middle}>
        <Samples samples={column.samples.slice(0, SAMPLES_SHOWN)} />
      </td>
      <td className={tables.middle}>
        <ArrowRight size={15} aria-hidden="true" className={styles.arrow} />
      </td>
      <td>
        <TargetSelect column={column} target={target} onTarget={onTarget} />
      </td>
      <td className={tables.middle}>
        <span className={styles.why} data-twice={isTwice || undefined}>
          {isTwice ? (
            <TriangleAlert size={15} aria-hidden="true" />
          ) : target === null ? (
            <Minus size={15} aria-hidden="true" />
          ) : (
            <Check size={15} aria-hidden="true" />
          )}
          {isTwice ? t('import.why.twice') : whyOf()}
        </span>
      </td>
    </tr>
  )

  function whyOf(): string {
    if (target !== column.guess) return t('import.why.yours')
    const why = whyOfGuess(column)
    return KNOWN_WHYS.includes(why) ? t(`import.why.${why}`) : why
  }
}

/** One line each, cut at its end: an address broken in the middle is no address. */
function Samples({ samples }: { samples: readonly string[] }) {
  const { t } = useTranslation('app')
  const shown = [...new Set(samples)]
  if (shown.length === 0) return <span className={tables.none}>{t('state.none')}</span>
  return (
    <ul className={styles.samples} lang="">
      {shown.map((sample) => (
        <li key={sample} title={sample}>
          {sample}
        </li>
      ))}
    </ul>
  )
}

type SelectProps = Pick<RowProps, 'column' | 'onTarget'> & { target: string | null }

function TargetSelect({ column, target, onTarget }: SelectProps) {
  const { t } = useTranslation('app')
  const fields = useFields()
  const own = column.guess?.startsWith('attributes.') ? column.guess : attributeOf(column.name)
  const known = (fields.data?.attributes ?? []).map(({ key }) => `attributes.${key}`)
  const attributes = [...new Set([own, ...(target?.startsWith('attributes.') ? [target] : []), ...known])]
  return (
    <NativeSelect
      aria-label={t('import.map.goesToOf', { column: column.name })}
      value={target ?? ''}
      onChange={({ currentTarget: { value } }) => onTarget(value === '' ? null : value)}
      className={styles.target ?? ''}
      data={[
        {
          group: t('import.target.person'),
          items: BUILT_IN.map((value) => ({ value, label: t(`import.target.${value}`) })),
        },
        {
          group: t('import.target.attributes'),
          items: attributes.map((value) => {
            const key = value.slice('attributes.'.length)
            return { value, label: known.includes(value) ? key : t('import.target.new', { key }) }
          }),
        },
        { value: '', label: t('import.target.leaveOut') },
      ]}
    />
  )
}
