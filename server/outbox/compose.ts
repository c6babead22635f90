/** From a claimed message to the bytes on the wire and the links it carries, or the reason why this one mail is not sent. */
import { parseAddress } from '../../shared/contact/address.ts'
import { headerFields } from '../../shared/message/headers.ts'
import { linkTargets, placeLinks, placePixel } from '../../shared/message/links.ts'
import { type PreparedEmail, prepare, render } from '../../shared/message/render.ts'
import type { LinkSigner } from '../../shared/message/tokens.ts'
import type { RenderContext, Rendered } from '../../shared/message/types.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { zoneOf } from '../../shared/time/zone-of.ts'
import type { ClaimedMessage } from '../commands/contract.ts'
import { fillMail, spliceMail } from '../mail/compiled-mail.ts'
import { type MailHead, mimeMessage } from '../mail/mime.ts'
import type { Envelope } from '../mail/smtp-transaction.ts'
import type { OutboxReads, SentEmail, Workspace } from './reads.ts'

export type ComposeDeps = {
  reads: OutboxReads
  sign: LinkSigner
  publicUrl: string
  now: () => Instant
}
export type Composed =
  | {
      kind: 'ready'
      envelope: Envelope
      raw: Buffer
      recipient: string
      links: readonly { no: number; url: string }[]
    }
  | { kind: 'skip'; reason: string; detail: string | null }
  | { kind: 'failed'; reason: string; response: string }

/** Safe to repeat: the same message gives the same bytes but for Date. */
export async function compose(deps: ComposeDeps, message: ClaimedMessage): Promise<Composed> {
  const workspace = await deps.reads.workspace()
  if (workspace === null || workspace.senderEmail === '') {
    return { kind: 'failed', reason: 'no-sender', response: 'the workspace has no sender address' }
  }
  const recipient = message.test?.to ?? message.contact.email
  const from = parseAddress(workspace.senderEmail)
  const to = parseAddress(recipient)
  if (!from.ok) return { kind: 'failed', reason: 'bad-sender', response: from.message }
  if (!to.ok) return { kind: 'failed', reason: 'bad-address', response: to.message }
  const email = await emailOf(deps.reads, message)
  if (email === null) return { kind: 'failed', reason: 'no-email', response: `version ${message.version} has no email` }
  const unsubscribeUrl = deps.sign.unsubscribeUrl(deps.publicUrl, {
    contactId: message.contact.id,
    messageId: message.id,
    isTest: message.test !== null,
  })
  const head: Head = {
    from: { name: workspace.senderName, address: from.envelope },
    to: { name: '', address: to.envelope },
    messageId: message.messageIdHeader,
    date: deps.now(),
    fields: headerFields({
      messageClass: message.messageClass,
      messageIdHeader: message.messageIdHeader,
      publicUrl: deps.publicUrl,
      unsubscribeUrl,
      senderEmail: from.envelope,
      workspaceName: workspace.name,
      installId: workspace.installId,
      workflowId: message.workflowId,
      emailKey: message.emailKey,
      isTest: message.test !== null,
    }),
  }
  const written = write(deps, message, email, head, await contextOf(deps, message, workspace, unsubscribeUrl))
  if (written.kind === 'skip') return written
  const needsSmtpUtf8 = from.needsSmtpUtf8 || to.needsSmtpUtf8
  return {
    kind: 'ready',
    envelope: { from: from.envelope, to: to.envelope, needsSmtpUtf8 },
    raw: written.raw,
    recipient,
    links: message.test === null ? written.links : [],
  }
}

type Head = Omit<MailHead, 'subject'>
type Written =
  | { kind: 'written'; raw: Buffer; links: readonly { no: number; url: string }[] }
  | Extract<Rendered, { kind: 'skip' }>

/** Spliced where the version is compiled, else the plain way; both say the same. */
function write(
  deps: ComposeDeps,
  message: ClaimedMessage,
  { prepared, compiled }: SentEmail,
  head: Head,
  context: RenderContext,
): Written {
  if (compiled !== null && message.test === null) {
    const filled = fillMail(compiled, context)
    if (filled.kind === 'skip') return filled
    if (filled.kind === 'ready') {
      const urls = deps.sign.mailUrls(deps.publicUrl, { messageId: message.id, linkNos: filled.linkNos })
      return { kind: 'written', raw: spliceMail(compiled, filled, head, urls), links: filled.links }
    }
  }
  const rendered = render(prepared, context)
  if (rendered.kind === 'skip') return rendered
  const { subject, html, text, links } = rendered
  const place = placer(deps, message, prepared, links)
  const raw = mimeMessage({ ...head, subject, html: place(html, 'html'), text: place(text, 'text') })
  return { kind: 'written', raw, links }
}

async function emailOf(reads: OutboxReads, message: ClaimedMessage): Promise<SentEmail | null> {
  if (message.test !== null) return { prepared: prepare(message.test.email), compiled: null }
  const ref = { workflowId: message.workflowId, version: message.version, key: message.emailKey }
  return reads.email(ref, message.contact.locale)
}

async function contextOf(
  deps: ComposeDeps,
  { contact, workflowId, version, entry, test }: ClaimedMessage,
  workspace: Workspace,
  unsubscribeUrl: string,
): Promise<RenderContext> {
  const workflow = await deps.reads.workflow(workflowId, version)
  return {
    contact: {
      ...contact.attributes,
      email: contact.email,
      external_id: contact.externalId ?? null,
      tags: contact.tags,
      timezone: contact.timezone,
      locale: contact.locale,
      id: String(contact.id),
    },
    event: test?.properties ?? entry?.properties ?? {},
    workflow: { name: workflow.name },
    sender: {
      name: workspace.senderName,
      email: workspace.senderEmail,
      postal_address: workspace.postalAddress,
    },
    unsubscribeUrl,
    now: deps.now(),
    timezone: zoneOf({ contact: contact.timezone, workflow: workflow.timezone, workspace: workspace.timezone }).zone,
    locale: contact.locale ?? workspace.locale,
  }
}

/** A test send looks like the real mail and counts nowhere: its links go straight to their targets, and it has no pixel. */
function placer(
  { sign, publicUrl }: ComposeDeps,
  message: ClaimedMessage,
  email: PreparedEmail,
  rendered: readonly { no: number; url: string }[],
): (content: string, format: 'html' | 'text') => string {
  const target = linkTargets(email.links, rendered)
  const isTest = message.test !== null
  // A link stands in both parts: sign it once.
  const signed = new Map<number, string>()
  const tracked = (no: number): string | null => {
    if (target(no) === null) return null
    const url = signed.get(no) ?? sign.clickUrl(publicUrl, { messageId: message.id, linkNo: no })
    signed.set(no, url)
    return url
  }
  const pixel = isTest ? null : sign.openUrl(publicUrl, { messageId: message.id })
  return (content, format) => {
    const linked = placeLinks(content, format, isTest ? target : tracked)
    return format === 'html' ? placePixel(linked, pixel) : linked
  }
}
