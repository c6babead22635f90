/** Number the links of a compiled HTML (Liquid still masked), so that each can be tracked: shared/message/links.ts tells the form. */
import { isWebUrl, linkPlaceholder, liquidLinkPlaceholder, unescapeHtml } from '../../shared/message/links.ts'
import type { Masked } from './liquid-mask.ts'

export type LinksNumbered = {
  html: string
  links: (string | null)[]
  /** Schemes that must not be in a mail, and addresses that lead nowhere from one. */
  refused: string[]
  relative: string[]
}

const ANCHOR = /<!--[\s\S]*?-->|<(?:a|area)\b(?:[^>"']|"[^"]*"|'[^']*')*>/gi
const HREF = /(\shref\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/i
const NOT_WRAPPED = /^(mailto|tel|sms):/i

export function numberLinks(html: string, { hasMask, unmask }: Masked): LinksNumbered {
  const links: (string | null)[] = []
  const refused: string[] = []
  const relative: string[] = []

  const placeholder = (encoded: string): string | null => {
    const url = unescapeHtml(encoded).trim()
    const shown = unmask(url)
    if (url === '' || url.startsWith('#') || NOT_WRAPPED.test(url) || /\bunsubscribe_url\b/.test(shown)) return null
    if (/^(javascript|data|vbscript|file):/i.test(stripBlanks(url))) refused.push(shown)
    else if (hasMask(url)) return liquidLinkPlaceholder(links.push(null) - 1, encoded.trim())
    else if (isWebUrl(url)) return linkPlaceholder(links.push(url) - 1)
    else relative.push(shown)
    return null
  }

  const numbered = html.replace(ANCHOR, (tag) => {
    if (tag.startsWith('<!--')) return tag
    return tag.replace(HREF, (attribute, before: string, double?: string, single?: string, bare?: string) => {
      const found = placeholder(double ?? single ?? bare ?? '')
      return found === null ? attribute : `${before}"${found}"`
    })
  })
  return { html: numbered, links, refused, relative }
}

/** Browsers overlook blanks and controls inside a scheme. */
const stripBlanks = (url: string): string => url.replace(/[\s\p{Cc}]/gu, '')
