/**
 * Links in a compiled email. A wrapped link is a placeholder until it is sent:
 * - `https://link.invalid/<n>`: link n of the version's list;
 * - `https://link.invalid/<n>?<template><`: its URL contains Liquid and is rendered in place, so loop variables are in scope. In HTML it
 *   stands in a double-quoted attribute, and neither `<` nor `"` comes out of an escaped output: nobody's attribute can forge or end it.
 */
import { LinkNumbers } from './link-numbers.ts'

export const LINK_HOST = 'https://link.invalid/'
/** Where the open pixel goes; removed when opens are not tracked. */
export const PIXEL =
  '<img src="https://link.invalid/open" width="1" height="1" alt="" style="display:block;border:0;width:1px;height:1px">'

/** The link that no person sees and machines follow. It is the same in every mail and in no list of links: its number is its own. */
export const HIDDEN_NO = 999_999
const HIDDEN_URL = `${LINK_HOST}hidden`
export const HIDDEN_LINK = `<a href="${LINK_HOST}${HIDDEN_NO}" style="display:none;mso-hide:all;visibility:hidden;font-size:0;max-height:0" tabindex="-1" aria-hidden="true"></a>`

export const linkPlaceholder = (no: number): string => `${LINK_HOST}${no}`
export const liquidLinkPlaceholder = (no: number, template: string): string => `${LINK_HOST}${no}?${template}<`

const STATIC = /https:\/\/link\.invalid\/(\d{1,6})(?![\d?])/g
const DYNAMIC = /https:\/\/link\.invalid\/(\d{1,6})\?/g
const ENDS_URL = { html: /[<"]/g, text: /[<>\s]/g }

export type NumberedLinks = { html: string; text: string; links: { no: number; url: string }[] }

/** Give every rendered Liquid URL a number. URLs that are no web address (mailto: from a variable) stay as they are. */
export function numberRenderedLinks(html: string, text: string, count: number): NumberedLinks {
  const numbers = new LinkNumbers(count)
  const numberedHtml = replaceDynamic(html, 'html', (digits, escaped) => {
    const url = unescapeHtml(escaped).trim()
    return isWebUrl(url) ? linkPlaceholder(numbers.take(Number(digits), url)) : escaped
  })
  const numberedText = replaceDynamic(text, 'text', (digits, url) => {
    const no = numbers.find(Number(digits), url.trim())
    return no === undefined ? url : linkPlaceholder(no)
  })
  return { html: numberedHtml, text: numberedText, links: numbers.links }
}

type DynamicLink = { at: number; digits: string; url: string; end: number }

/**
 * The links whose URL was rendered in place: up to a `<`, which in HTML stands before a `"`. Each end is looked for once, so that a
 * contact's megabyte of beginnings without an end takes no longer than any other megabyte (a pattern took minutes).
 */
function* dynamicLinks(content: string, format: 'html' | 'text'): Generator<DynamicLink> {
  const ends = new RegExp(ENDS_URL[format])
  let end = -1
  let done = 0
  for (const { 0: mark, 1: digits = '', index: at } of content.matchAll(DYNAMIC)) {
    const from = at + mark.length
    if (at < done) continue
    if (end < from) {
      ends.lastIndex = from
      end = ends.exec(content)?.index ?? content.length
    }
    if (content[end] !== '<' || (format === 'html' && content[end + 1] !== '"')) continue
    done = end + 1
    yield { at, digits, url: content.slice(from, end), end: done }
  }
}

function replaceDynamic(content: string, format: 'html' | 'text', by: (digits: string, url: string) => string): string {
  const kept: string[] = []
  let from = 0
  for (const { at, digits, url, end } of dynamicLinks(content, format)) {
    kept.push(content.slice(from, at), by(digits, url))
    from = end
  }
  return kept.length === 0 ? content : kept.join('') + content.slice(from)
}

/** The rendered URLs that are neither a web address nor one of the harmless schemes: such a mail must not leave. */
export function unsafeRenderedUrl(html: string): string | null {
  for (const { url: escaped } of dynamicLinks(html, 'html')) {
    const url = unescapeHtml(escaped).trim()
    if (!isSafeUrl(url)) return url
  }
  return null
}

export const isSafeUrl = (url: string): boolean =>
  isWebUrl(url) || /^(mailto|tel|sms):/i.test(url) || url.startsWith('#')

/** Put an address in the place of each numbered link. `urlOf` answers null for a number it does not know: the placeholder stays. */
export function placeLinks(content: string, format: 'html' | 'text', urlOf: (no: number) => string | null): string {
  return content.replace(STATIC, (placeholder, digits: string) => {
    const url = urlOf(Number(digits))
    if (url === null) return placeholder
    return format === 'html' ? escapeHtml(url) : url
  })
}

/** Put the open pixel's address in, or with null take the pixel out. */
export function placePixel(html: string, url: string | null): string {
  return html.replace(PIXEL, () => (url === null ? '' : PIXEL.replace(`${LINK_HOST}open`, () => escapeHtml(url))))
}

/** The list of all targets of one mail: the version's static ones, and what Liquid made of the others. */
export function linkTargets(
  links: readonly (string | null)[],
  rendered: readonly { no: number; url: string }[],
): (no: number) => string | null {
  const dynamic = new Map(rendered.map(({ no, url }) => [no, url]))
  return (no) => (no === HIDDEN_NO ? HIDDEN_URL : (dynamic.get(no) ?? links[no] ?? null))
}

export const isWebUrl = (url: string): boolean => /^https?:\/\/[^\s/?#]/i.test(url)

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The entities that occur in attributes: the five of XML and numbers. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? all
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
