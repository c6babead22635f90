import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { PreviewAnswer } from '../../shared/api/workflows.ts'
import type { BuilderText } from '../editor/text.ts'
import css from './email-editor.module.css'

const VIEWS = ['desktop', 'phone', 'text'] as const
const WIDTH: Readonly<Record<string, number>> = { desktop: 680, phone: 375 }

/** What arrives, at the width of a desktop or a phone, or as plain text. The mail's page has its own policy and sandbox. */
export function EmailPreview({
  text: { t },
  answer,
  isOld,
}: {
  text: BuilderText
  answer: PreviewAnswer | null
  isOld: boolean
}) {
  const [view, setView] = useState<string>('desktop')
  return (
    <div className={css.preview}>
      <SegmentedControl
        value={view}
        onChange={setView}
        data={VIEWS.map((value) => ({ value, label: t(`mail.view.${value}`) }))}
        aria-label={t('mail.view.name')}
      />
      {answer !== null && (
        <div className={css.envelope} data-old={isOld || undefined}>
          <div className={css.envelopeSubject}>{answer.subject === '' ? t('words-of.no-subject') : answer.subject}</div>
          {answer.preheader !== '' && <div className={css.envelopePreheader}>{answer.preheader}</div>}
        </div>
      )}
      {answer === null ? (
        <p className={css.none}>{t('mail.drawing')}</p>
      ) : view === 'text' ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className={css.plain} tabIndex={0}>
          {answer.text}
        </pre>
      ) : answer.url === '' ? (
        <p className={css.none}>{t('mail.nothing-to-show')}</p>
      ) : (
        <iframe
          className={css.frame}
          style={{ width: WIDTH[view] }}
          title={t('mail.frame')}
          src={answer.url}
          sandbox=""
        />
      )}
    </div>
  )
}
