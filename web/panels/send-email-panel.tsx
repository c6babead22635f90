import { Button, Group, NativeSelect } from '@mantine/core'
import { Pencil, Send } from 'lucide-react'
import { useState } from 'react'
import type { DrawnStep } from '../../shared/workflow/document.ts'
import { plainLiquid } from '../../shared/workflow/step-names.ts'
import { useEditor } from '../editor/context.tsx'
import { testSendWords } from '../editor/test-words.ts'
import { TestSendForm } from '../ui/test-send-form.tsx'
import { ContactPick } from './contact-pick.tsx'
import type { PanelTools } from './panel-context.ts'
import css from './side-panel.module.css'
import { useStepEdit } from './use-step-edit.ts'

export function SendEmailPanel({ step, tools }: { step: DrawnStep; tools: PanelTools }) {
  const { t } = tools.text
  const edit = useStepEdit(step.id)
  const emails = useEditor((s) => s.document.emails)
  const [as, setAs] = useState<string | null>(null)
  const [isTesting, setTesting] = useState(false)
  const key = typeof step.email === 'string' ? step.email : ''
  const email = Object.hasOwn(emails, key) ? emails[key] : undefined
  const choices = Object.entries(emails).map(([value, mail]) => ({
    value,
    label: plainLiquid(mail.subject) || t('words-of.no-subject'),
  }))
  return (
    <>
      {choices.length > 1 && (
        <NativeSelect
          label={t('email.which')}
          data={email === undefined ? [{ value: '', label: t('email.choose') }, ...choices] : choices}
          value={email === undefined ? '' : key}
          onChange={(event) => edit({ email: event.currentTarget.value || null }, 'email')}
        />
      )}
      {email !== undefined && (
        <div className={css.mail}>
          <div className={css.subject}>{plainLiquid(email.subject) || t('words-of.no-subject')}</div>
          {email.preheader !== undefined && email.preheader !== '' && (
            <div className={css.preheader}>{plainLiquid(email.preheader)}</div>
          )}
        </div>
      )}
      <Group gap="sm">
        <Button leftSection={<Pencil size={15} aria-hidden />} onClick={() => tools.openEmail(step.id)}>
          {t(email === undefined ? 'email.write' : 'email.edit')}
        </Button>
        {email !== undefined && (
          <Button
            leftSection={<Send size={15} aria-hidden />}
            aria-expanded={isTesting}
            onClick={() => setTesting((open) => !open)}
          >
            {t('email.test')}
          </Button>
        )}
      </Group>
      {isTesting && email !== undefined && (
        <div className={css.rule}>
          <ContactPick text={tools.text} server={tools.server} value={as} onChange={setAs} />
          <TestSendForm words={testSendWords(tools.text)} send={(to) => tools.server.sendTest(key, to, as)} />
        </div>
      )}
    </>
  )
}
