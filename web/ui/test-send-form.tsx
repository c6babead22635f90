import { Button, TagsInput, Text } from '@mantine/core'
import { useState } from 'react'

export type TestSendWords = {
  to: string
  hint: string
  send: string
  sent(to: readonly string[]): string
  failed(message: string): string
}
type Props = { words: TestSendWords; send(to: readonly string[]): Promise<void> }
type Result = { kind: 'sending' } | { kind: 'sent'; to: readonly string[] } | { kind: 'failed'; message: string }

/** Send this email to some addresses, as it will look; it counts nowhere. */
export function TestSendForm({ words, send }: Props) {
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
        label={words.to}
        description={words.hint}
        value={to}
        onChange={setTo}
        searchValue={typed}
        onSearchChange={setTyped}
        maxTags={10}
        splitChars={[',', ' ', ';']}
        data-autofocus
      />
      <Button type="submit" mt="sm" disabled={all.length === 0} loading={result?.kind === 'sending'}>
        {words.send}
      </Button>
      <div role="status" aria-live="polite">
        {result?.kind === 'sent' && (
          <Text size="sm" mt="sm">
            {words.sent(result.to)}
          </Text>
        )}
        {result?.kind === 'failed' && (
          <Text size="sm" mt="sm" c="var(--p-madder)">
            {words.failed(result.message)}
          </Text>
        )}
      </div>
    </form>
  )
}
