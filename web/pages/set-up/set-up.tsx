import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { FormProblem } from '../../app/form-problem.tsx'
import { Front } from '../../app/front.tsx'
import { usePageTitle } from '../../app/page.tsx'
import { useLanguageChoice } from '../../app/use-language.ts'
import { modernZone } from '../../app/zone-name.ts'
import { Stem } from '../../ui/stem.tsx'
import { EMPTY_ANSWERS, problemsOfStep, type SetUpAnswers, STEPS } from './answers.ts'
import { DestinationStep } from './destination-step.tsx'
import { SenderStep } from './sender-step.tsx'
import styles from './set-up.module.css'
import { useSetUp } from './use-set-up.ts'
import { WorkspaceStep } from './workspace-step.tsx'
import { YouStep } from './you-step.tsx'

/** Four questions, once: you, the workspace, the sender, where mail goes. */
export function SetUp() {
  const { t } = useTranslation('app')
  const { language } = useLanguageChoice()
  const { step, at, isLast, goOn, error, isBusy, back } = useSetUp()
  const form = useForm<SetUpAnswers>({
    initialValues: { ...EMPTY_ANSWERS, locale: language, timezone: browserZone() },
    validate: (values) => problemsOfStep(step, values, (key) => t(key)),
  })
  const heading = useHeadingFocus(at)
  usePageTitle(t(`setUp.${step}.title`))
  return (
    <Front onLanguage={(chosen) => form.setFieldValue('locale', chosen)}>
      <Stem step={at + 1} of={STEPS.length} />
      <p className={styles.progress}>{t(`setUp.progress.${step}`, { step: at + 1, of: STEPS.length })}</p>
      <h1 className={styles.title} ref={heading} tabIndex={-1}>
        {t(`setUp.${step}.title`)}
      </h1>
      <p className={styles.lead}>{t(`setUp.${step}.lead`)}</p>
      <form className={styles.form} onSubmit={form.onSubmit((values) => goOn(values))} noValidate>
        {step === 'you' && <YouStep form={form} />}
        {step === 'workspace' && <WorkspaceStep form={form} />}
        {step === 'sender' && <SenderStep form={form} />}
        {step === 'destination' && <DestinationStep form={form} />}
        {error !== null && <FormProblem error={error} what={t('setUp.failed')} />}
        <div className={styles.foot}>
          {back !== null && (
            <Button size="md" onClick={back}>
              {t('setUp.back')}
            </Button>
          )}
          <Button size="md" type="submit" variant="filled" className={styles.next ?? ''} loading={isBusy}>
            {isLast ? t('setUp.finish') : t('setUp.next')}
          </Button>
        </div>
      </form>
    </Front>
  )
}

/** After each question reading goes on at the next heading. */
function useHeadingFocus(at: number) {
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(at)
  useEffect(() => {
    if (shown.current === at) return
    shown.current = at
    heading.current?.focus()
  }, [at])
  return heading
}

const browserZone = (): string => modernZone(new Intl.DateTimeFormat().resolvedOptions().timeZone)
