import { type ButtonHTMLAttributes, forwardRef, type ReactNode } from 'react'
import styles from './token.module.css'

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { label: string; children: ReactNode }

/** The changeable part of a sentence. `label` says what it is; the text is what it is now. */
export const Token = forwardRef<HTMLButtonElement, Props>(function Token({ label, children, className, ...rest }, ref) {
  return (
    <button ref={ref} type="button" {...rest} className={[styles.token, className].filter(Boolean).join(' ')}>
      <span className="p-hidden">{label}: </span>
      {children}
    </button>
  )
})
