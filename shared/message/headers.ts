/** The values of the header fields that every mail of ours carries. Encoding and folding are server/mail/mime.ts. */

export type HeaderField = {
  name: string
  value: string /** A phrase before `<…>`, encoded on its own. */
  phrase?: string
}

export type HeaderInput = {
  messageClass: 'marketing' | 'transactional'
  messageIdHeader: string
  publicUrl: string
  unsubscribeUrl: string
  senderEmail: string
  workspaceName: string
  installId: string
  workflowId: number
  emailKey: string
  isTest: boolean
}

/** `<{enrollmentId}.{seq}.{k}.{installId}@{domain}>` without brackets: it derives from the outbox key and never changes. */
export function messageIdOf(key: {
  enrollmentId: number | string
  seq: number
  k: number
  installId: string
  senderEmail: string
}): string {
  return `${key.enrollmentId}.${key.seq}.${key.k}.${key.installId}@${domainOf(key.senderEmail)}`
}

/** Beyond From, To, Subject, Date, Message-ID and the MIME fields. */
export function headerFields(input: HeaderInput): HeaderField[] {
  const fields: HeaderField[] = []
  if (input.messageClass === 'marketing') {
    fields.push({ name: 'List-Unsubscribe', value: `<${input.unsubscribeUrl}>` })
    if (isOneClickUrl(input.unsubscribeUrl)) {
      fields.push({ name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' })
    }
    const list = `<marketing.${safeToken(input.installId)}.${domainOf(input.senderEmail)}>`
    fields.push({ name: 'List-Id', phrase: input.workspaceName, value: list })
    const feedback = [
      String(input.workflowId),
      safeToken(input.emailKey),
      input.messageClass,
      safeToken(input.installId),
    ]
    fields.push({ name: 'Feedback-ID', value: feedback.join(':') })
  }
  fields.push({ name: 'Auto-Submitted', value: 'auto-generated' })
  fields.push({ name: 'X-Perennial-Message', value: input.messageIdHeader })
  if (input.isTest) fields.push({ name: 'X-Perennial-Test', value: 'yes' })
  return fields
}

/** RFC 8058 wants HTTPS. On the machine itself there is no network to protect, so trying the product out shows the real thing. */
export function isOneClickUrl(url: string): boolean {
  return /^https:\/\//i.test(url) || /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$)/i.test(url)
}

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase()

const safeToken = (text: string): string => text.replace(/[^A-Za-z0-9_-]/g, '-')
