import { Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ReadAs } from '../../api/imports.ts'
import { useFormat } from '../../app/use-format.ts'
import { Token } from '../../ui/token.tsx'
import styles from './import.module.css'
import type { Draft } from './import-draft.ts'

const ENCODINGS = ['utf-8', 'windows-1252', 'windows-1258', 'gb18030', 'utf-16le']
const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' } as const

type Props = { file: File; rows: number | null; draft: Draft; onReadAs: (readAs: ReadAs) => void }

/** How the file is read, as tokens that can be changed. */
export function FileFacts({ file, rows, draft, onReadAs }: Props) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const { encoding, delimiter, header } = draft.preview
  const now: ReadAs = { encoding, delimiter, header: header ? 'true' : 'false' }
  const delimiterName = (value: string): string => {
    const known = Object.entries(DELIMITERS).find(([sign]) => sign === value)?.[1]
    return known === undefined ? value : t(`import.file.${known}`)
  }
  return (
    <span className={styles.facts}>
      <strong>{file.name}</strong>
      <span className="num">
        {rows !== null && `${t('import.run.rows', { count: rows, shown: format.count(rows) })} · `}
        {format.bytes(file.size)}
      </span>
      <Choice
        label={t('import.file.encoding')}
        value={encoding}
        options={[...new Set([encoding, ...ENCODINGS])].map((value) => ({ value, label: value.toUpperCase() }))}
        onChoose={(value) => onReadAs({ ...now, encoding: value })}
      />
      <Choice
        label={t('import.file.delimiter')}
        value={delimiter}
        options={[...new Set([delimiter, ...Object.keys(DELIMITERS)])].map((value) => ({
          value,
          label: delimiterName(value),
        }))}
        onChoose={(value) => onReadAs({ ...now, delimiter: value })}
      />
      <Choice
        label={t('import.file.header')}
        value={header ? 'true' : 'false'}
        options={[
          { value: 'true', label: t('import.file.hasHeader') },
          { value: 'false', label: t('import.file.noHeader') },
        ]}
        onChoose={(value) => onReadAs({ ...now, header: value === 'true' ? 'true' : 'false' })}
      />
    </span>
  )
}

type ChoiceProps = {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  onChoose: (value: string) => void
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  const chosen = options.find((option) => option.value === value)?.label ?? value
  return (
    <Menu>
      <Menu.Target>
        <Token label={label}>{chosen}</Token>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{label}</Menu.Label>
        <Menu.RadioGroup value={value} onChange={onChoose}>
          {options.map((option) => (
            <Menu.RadioItem key={option.value} value={option.value} closeMenuOnClick>
              {option.label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
