import { Checkbox, Radio, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import cards from '../../ui/card.module.css'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import styles from './import.module.css'
import type { Draft } from './import-draft.ts'

/** May you write to them? Asked by law, answered by a person, never preselected. */
type Props = {
  draft: Draft
  onDraft: (draft: Draft) => void /** Stands between the two questions. */
  children: ReactNode
}

export function ConsentQuestion({ draft, onDraft, children }: Props) {
  const { t } = useTranslation('app')
  const answer = (value: string): void => onDraft({ ...draft, consent: value === 'granted' ? 'granted' : 'unknown' })
  return (
    <div className={styles.side}>
      <Card
        title={t('import.consent.title')}
        aside={draft.consent === null ? <Chip tone="warning">{t('import.consent.open')}</Chip> : null}
      >
        <Radio.Group value={draft.consent ?? ''} onChange={answer} aria-label={t('import.consent.title')}>
          <div className={cards.stack}>
            {(['granted', 'unknown'] as const).map((choice) => (
              <Radio.Card key={choice} value={choice} className={styles.answer ?? ''}>
                <Radio.Indicator />
                <span className={styles.answerWords}>
                  <span>{t(`import.consent.${choice}.name`)}</span>
                  <span className={styles.answerText}>{t(`import.consent.${choice}.text`)}</span>
                </span>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
        {draft.consent === 'granted' && (
          <div className={styles.proof}>
            <TextInput
              label={t('import.consent.source')}
              placeholder={t('import.consent.sourceExample')}
              value={draft.consentSource}
              onChange={({ currentTarget: { value } }) => onDraft({ ...draft, consentSource: value })}
            />
            <Textarea
              label={t('import.consent.words')}
              autosize
              minRows={2}
              value={draft.consentText}
              onChange={({ currentTarget: { value } }) => onDraft({ ...draft, consentText: value })}
            />
          </div>
        )}
        <p className={styles.rule}>{t('import.consent.blocked')}</p>
      </Card>
      {children}
      <Checkbox
        label={t('import.trigger.label')}
        description={t('import.trigger.hint')}
        checked={draft.startsWorkflows}
        onChange={({ currentTarget: { checked } }) => onDraft({ ...draft, startsWorkflows: checked })}
      />
    </div>
  )
}
