/**
 * A literal of a template, taken apart once per version: text that is already quoted-printable, and the places of links and the pixel.
 * What has a shape that only the plain path (shared/message/links.ts) understands is null, and the whole mail goes that way.
 */
import { LINK_HOST, PIXEL } from '../../shared/message/links.ts'
import { quotedPrintableChunk } from './quoted-printable.ts'

/** A place for an address that is made for each mail. */
export type Slot = { no: number | 'open' }
/** Encoded text, text still to be encoded, or a place. */
export type Piece = Uint8Array | string | Slot
/** The beginning of a link whose URL contains Liquid: what follows is its URL, up to a `<`. */
export type Opening = { no: number; url: string }
export type Parts = { pieces: readonly Piece[]; opening: Opening | null }

export type Literal = {
  /** In characters, as the limit on a mail counts. */
  length: number
  parts: Parts
  /** How it continues such a URL: to its end and further; or with nothing but more of the URL; null: neither. */
  closing: { url: string; parts: Parts } | null
  urlText: string | null
}
export type Format = 'html' | 'text'

/** In HTML the URL stands in double quotes; in text no blank is in it. */
const CLOSES = { html: /^([^<"]*)<(?=")/, text: /^([^<>\s]*)</ } as const
export const BREAKS_URL = { html: /[<"]/, text: /[<>\s]/ } as const

const PLACEHOLDER = /https:\/\/link\.invalid\/(\d{1,6})?(\?)?/g
const PIXEL_START = PIXEL.indexOf(LINK_HOST)
const PIXEL_URL = `${LINK_HOST}open`

/** @param isTracked  whether this number leads anywhere */
export function literalOf(text: string, format: Format, isTracked: (no: number) => boolean): Literal | null {
  const parts = partsOf(text, format, isTracked)
  if (parts === null || hasRaggedEdge(text)) return null
  const end = CLOSES[format].exec(text)
  const rest = end === null ? null : partsOf(text.slice(end[0].length), format, isTracked)
  return {
    length: text.length,
    parts,
    closing: rest === null ? null : { url: end?.[1] ?? '', parts: rest },
    urlText: BREAKS_URL[format].test(text) ? null : text,
  }
}

/** Line ends and characters of two halves must not be torn: the halves would be encoded apart. */
export const hasRaggedEdge = (text: string): boolean => /^[\udc00-\udfff]|[\r\ud800-\udbff]$/.test(text)

function partsOf(text: string, format: Format, isTracked: (no: number) => boolean): Parts | null {
  const pieces: Piece[] = []
  let from = 0
  const put = (until: number) => {
    if (until > from) pieces.push(quotedPrintableChunk(text.slice(from, until)))
  }
  const pixelAt = format === 'html' ? text.indexOf(PIXEL) : -1
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [found, digits, query] = match
    const end = match.index + found.length
    // A number that goes on in what follows is for the plain path.
    if (end === text.length && query === undefined) return null
    if (pixelAt >= 0 && match.index === pixelAt + PIXEL_START) {
      put(match.index)
      pieces.push({ no: 'open' })
      from = match.index + PIXEL_URL.length
    } else if (digits !== undefined && query !== undefined) {
      put(match.index)
      const url = text.slice(end)
      return BREAKS_URL[format].test(url) ? null : { pieces, opening: { no: Number(digits), url } }
    } else if (digits !== undefined && !/\d/.test(text[end] ?? '')) {
      if (!isTracked(Number(digits))) return null
      put(match.index)
      pieces.push({ no: Number(digits) })
      from = end
    }
  }
  put(text.length)
  return { pieces, opening: null }
}
