import type { BuilderText } from './text.ts'

/** The words of the form that sends a test. */
export const testSendWords = ({ t, formats }: BuilderText) => ({
  to: t('test.to'),
  hint: t('test.hint'),
  send: t('test.send'),
  sent: (to: readonly string[]) => t('test.sent', { to: formats.list(to) }),
  failed: (message: string) => t('test.failed', { message }),
})
