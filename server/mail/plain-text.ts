/** The text part, made from the HTML. Links stand in angle brackets behind their words (RFC 3986 appendix C). */
import type { HtmlToTextOptions } from 'html-to-text'

const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } }))

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  selectors: [
    ...headings,
    { selector: 'a', options: { linkBrackets: ['<', '>'], noAnchorUrl: true, hideLinkHrefIfSameAsText: false } },
    { selector: 'img', format: 'skip' },
    { selector: 'div[style*="display:none"]', format: 'skip' },
    { selector: 'table', format: 'block' },
    { selector: 'hr', options: { length: 40 } },
  ],
  limits: { maxInputLength: 4_000_000 },
}

let convert: ((html: string) => string) | null = null

/** Loads what it needs with its first call: only the thread that compiles emails makes one. */
export async function plainText(html: string): Promise<string> {
  convert ??= (await import('html-to-text')).compile(OPTIONS)
  return `${convert(html)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}
