import type { ReactNode } from 'react'
import { Mark } from '../ui/mark.tsx'
import styles from './front.module.css'
import type { Language } from './language.ts'
import { LanguagePicker } from './language-picker.tsx'

/** The pages before the product: mark, language, one narrow column. */
export function Front({ children, onLanguage }: { children: ReactNode; onLanguage?: (language: Language) => void }) {
  return (
    <div className={styles.front}>
      <header className={styles.head}>
        <span className={styles.brand}>
          <Mark size={28} />
          Perennial
        </span>
        <LanguagePicker {...(onLanguage === undefined ? {} : { onChoose: onLanguage })} />
      </header>
      <main className={styles.column}>{children}</main>
    </div>
  )
}
