/**
 * A mail compiled per published version and language, and spliced per recipient (DESIGN.md 6, Compiled mail): literals are quoted-printable
 * beforehand, outputs are encoded as Liquid emits them. It says what the plain path (shared/message/render.ts, mime.ts) says, which a
 * property test holds it to; a mail whose shape it does not know goes the plain path.
 */

import { LinkNumbers } from '../../shared/message/link-numbers.ts'
import { escapeHtml, isSafeUrl, isWebUrl, linkTargets, unescapeHtml } from '../../shared/message/links.ts'
import type { ParsedTemplate } from '../../shared/message/liquid.ts'
import { type PreparedEmail, renderInto, unsafeLink } from '../../shared/message/render.ts'
import type { RenderContext, Rendered } from '../../shared/message/types.ts'
import { type Format, type Literal, literalOf, type Piece, type Slot } from './literal-parts.ts'
import { lendCopy } from './mail-buffers.ts'
import { frameOf, type MailHead, type MimeFrame, mailHead } from './mime.ts'
import { PieceEmitter } from './piece-emitter.ts'
import { chunkAtMost, putChunk } from './quoted-printable.ts'

export type CompiledMail = {
  email: PreparedEmail
  html: readonly Literal[]
  text: readonly Literal[]
  frame: MimeFrame
}
export type FilledMail = {
  kind: 'ready'
  subject: string
  html: readonly Piece[]
  text: readonly Piece[]
  /** Numbers of all links in it, once each. */
  linkNos: readonly number[]
  /** URLs that contained Liquid, rendered. */
  links: readonly { no: number; url: string }[]
}
export type Filling = FilledMail | Extract<Rendered, { kind: 'skip' }> | { kind: 'awkward' }

/** @param seed  the same for the same version; @returns null when some literal needs the plain path */
export function compileMail(email: PreparedEmail, seed: string): CompiledMail | null {
  const target = linkTargets(email.links, [])
  const literalsOf = (template: ParsedTemplate, format: Format): Literal[] =>
    template.literals.flatMap((text) => literalOf(text, format, (no) => target(no) !== null) ?? [])
  const html = literalsOf(email.html, 'html')
  const text = literalsOf(email.text, 'text')
  const isWhole = html.length === email.html.literals.length && text.length === email.text.literals.length
  return isWhole ? { email, html, text, frame: frameOf(seed) } : null
}

/** Render for one recipient. Never throws for what a template or a contact may contain. */
export function fillMail({ email, html, text }: CompiledMail, context: RenderContext): Filling {
  const numbers = new LinkNumbers(email.links.length)
  let unsafe: string | null = null
  const htmlOut = new PieceEmitter(html, 'html', (own, escaped) => {
    const url = unescapeHtml(escaped).trim()
    if (!isSafeUrl(url)) unsafe ??= url
    return isWebUrl(url) ? { no: numbers.take(own, url) } : escaped
  })
  const textOut = new PieceEmitter(text, 'text', (own, url) => {
    const no = numbers.find(own, url.trim())
    return no === undefined ? url : { no }
  })
  const rendered = renderInto(email, context, { html: htmlOut, text: textOut })
  if (rendered.kind === 'skip') return rendered
  if (htmlOut.isAwkward || textOut.isAwkward) return { kind: 'awkward' }
  if (unsafe !== null) return unsafeLink(unsafe)
  const linkNos = numbersIn([...htmlOut.pieces, ...textOut.pieces])
  const { subject } = rendered
  return { kind: 'ready', subject, html: htmlOut.pieces, text: textOut.pieces, linkNos, links: numbers.links }
}

const isSlot = (piece: Piece): piece is Slot => typeof piece === 'object' && 'no' in piece

function numbersIn(pieces: readonly Piece[]): number[] {
  const found = new Set<number>()
  for (const piece of pieces) if (isSlot(piece) && piece.no !== 'open') found.add(piece.no)
  return [...found]
}

/** The addresses of one mail: of the pixel, and of each link in the order of `linkNos`. */
export type MailUrls = { clicks: readonly string[]; open: string }

/** The message as it goes on the wire: every line ends in CRLF and none begins with a dot. Give it back once it has left (mail-buffers.ts). */
export function spliceMail(
  { frame }: CompiledMail,
  filled: FilledMail,
  head: Omit<MailHead, 'subject'>,
  urls: MailUrls,
): Buffer {
  const clicks = new Map(filled.linkNos.map((no, i) => [no, urls.clicks[i] ?? '']))
  const urlOf = (no: Slot['no']) => (no === 'open' ? urls.open : (clicks.get(no) ?? ''))
  const output = new Splice()
  output.bytes(Buffer.from(mailHead({ ...head, subject: filled.subject }), 'utf8'))
  output.bytes(frame.beforeText)
  output.body(filled.text, urlOf)
  output.bytes(frame.beforeHtml)
  output.body(filled.html, (no) => escapeHtml(urlOf(no)))
  output.bytes(frame.end)
  return output.finish()
}

/** Written to by one mail at a time and copied from. */
let scratch = new Uint8Array(256 * 1024)

class Splice {
  #size = 0

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    scratch.set(bytes, this.#size)
    this.#size += bytes.length
  }

  body(pieces: readonly Piece[], urlOf: (no: Slot['no']) => string): void {
    const start = this.#size
    for (const piece of pieces) {
      if (typeof piece === 'string') this.#chunk(piece)
      else if (isSlot(piece)) this.#chunk(urlOf(piece.no))
      else this.bytes(piece)
    }
    // A soft break has nothing to join at the end of a body.
    if (this.#size > start && scratch[this.#size - 3] === 61) this.#size -= 3
  }

  finish(): Buffer {
    return lendCopy(scratch.subarray(0, this.#size))
  }

  #chunk(text: string): void {
    this.#reserve(chunkAtMost(text))
    this.#size = putChunk(text, scratch, this.#size)
  }

  #reserve(bytes: number): void {
    if (this.#size + bytes <= scratch.length) return
    const larger = new Uint8Array((this.#size + bytes) * 2)
    larger.set(scratch.subarray(0, this.#size))
    scratch = larger
  }
}
