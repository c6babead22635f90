import { Button, TagsInput } from '@mantine/core'
import { Send } from 'lucide-react'
import { useState } from 'react'
import type { BuilderText } from '../editor/text.ts'
import css from './side-panel.module.css'

type Props = { text: BuilderText; send(to: readonly string[]): Promise<void> }
type Result = { kind: 'sending' } | { kind: 'sent'; to: readonly string[] } | { kind: 'failed'; message: string }
const MOST = 10

/** Send the email to one or more addresses, as it will look; it counts nowhere. */
export function TestSendForm({ text: { t, formats }, send }: Props) {
  const [to, setTo] = useState<string[]>([])
  const [typed, setTyped] = useState('')
  const [result, setResult] = useState<Result | null>(null)
  const all = [...new Set([...to, ...(typed.trim() === '' ? [] : [typed.trim()])])]
  const submit = async () => {
    setResult({ kind: 'sending' })
    try {
      await send(all)
      setResult({ kind: 'sent', to: all })
    } catch (error) {
      setResult({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TagsInput
        label={t('test.to')}
        description={t('test.hint')}
        value={to}
        onChange={setTo}
        searchValue={typed}
        onSearchChange={setTyped}
        maxTags={MOST}
        splitChars={[',', ' ', ';']}
        acceptValueOnBlur
      />
      <Button type="submit" mt="sm" leftSection={<Send size={15} aria-hidden />} disabled={all.length === 0} loading={result?.kind === 'sending'}>
        {t('test.send')}
      </Button>
      <div role="status" aria-live="polite">
        {result?.kind === 'sent' && <p className={css.note}>{t('test.sent', { to: formats.list(result.to) })}</p>}
        {result?.kind === 'failed' && <p className={css.note}>{t('test.failed', { message: result.message })}</p>}
      </div>
    </form>
  )
}
