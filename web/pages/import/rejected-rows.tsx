import { useTranslation } from 'react-i18next'
import type { ImportState } from '../../../shared/api/contacts.ts'
import { useFormat } from '../../app/use-format.ts'
import tables from '../../ui/table.module.css'
import styles from './import.module.css'
import { refusedValue } from './refused-value.ts'

const SHOWN = 20

/** `isCheck`: nothing was imported, so that there is no file of them yet. */
type Props = { errors: ImportState['errors']; rejected: number; isCheck?: boolean }

/** The first refused rows with their reasons; the file has them all. */
export function RejectedRows({ errors, rejected, isCheck = false }: Props) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const shown = errors.slice(0, SHOWN)
  return (
    <section className={styles.errors}>
      <div className={tables.frame}>
        <table className={tables.table}>
          <caption className={styles.caption}>{t('import.errors.title')}</caption>
          <thead>
            <tr>
              <th scope="col" className={tables.number}>
                {t('import.errors.row')}
              </th>
              <th scope="col" className={tables.middle}>
                {t('import.errors.column')}
              </th>
              <th scope="col">{t('import.errors.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((error) => (
              <tr key={`${error.row}${error.column}${error.code}`}>
                <td className={tables.number}>{format.count(error.row)}</td>
                <td className={tables.middle}>{error.column || '–'}</td>
                <td>
                  <Reason error={error} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={`num ${styles.rule}`}>
        {t(isCheck ? 'import.errors.rangeChecked' : 'import.errors.range', {
          shown: format.count(shown.length),
          total: format.count(rejected),
        })}
      </p>
    </section>
  )
}

/** Our sentence for the code, then the value that was refused; a code without a sentence keeps the server's own words. */
function Reason({ error: { code, message } }: { error: ImportState['errors'][number] }) {
  const { t, i18n } = useTranslation('app')
  const value = refusedValue(message)
  if (!i18n.exists(`app:import.reason.${code}`)) return <span lang="en">{message}</span>
  return (
    <span className={tables.two}>
      {t(`import.reason.${code}`)}
      {value !== null && <span className={`mono ${styles.value}`}>{value}</span>}
    </span>
  )
}
