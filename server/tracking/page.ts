/** Small pages for people who get mail: no script, no other host, in their language. */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { publicPages as en } from '../../shared/locales/en/public.ts'
import { publicPages as vi } from '../../shared/locales/vi/public.ts'
import { publicPages as zh } from '../../shared/locales/zh/public.ts'

const CATALOGUES = { en, vi, zh }
export type PublicWord = keyof typeof en
export type PublicLocale = keyof typeof CATALOGUES

/** The first of these languages that we speak. */
export function publicLocale(...wanted: (string | null | undefined)[]): PublicLocale {
  for (const tag of wanted) {
    const base = tag?.toLowerCase().split(/[-_]/)[0]
    if (base === 'en' || base === 'vi' || base === 'zh') return base
  }
  return 'en'
}

export function word(locale: PublicLocale, key: PublicWord, values: Readonly<Record<string, string>> = {}): string {
  return CATALOGUES[locale][key].replace(/\{\{(\w+)\}\}/g, (_all, name: string) => values[name] ?? '')
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; background: #f6f5f2; color: #23211d }
main { max-width: 32rem; margin: 12vh auto 2rem; padding: 2rem; background: #fff; border: 1px solid #d9d5cc; border-radius: 12px }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .75rem }
p { margin: 0 0 1rem }
.quiet { color: #5c574d; font-size: .9rem }
form { margin: 1.25rem 0 0 }
button { font: inherit; min-height: 44px; padding: .5rem 1.1rem; border-radius: 8px; border: 1px solid #7d7667; background: #fff; color: #23211d; cursor: pointer }
button.main { background: #1f6f54; border-color: #1f6f54; color: #fff }
button:focus-visible { outline: 3px solid #b45f06; outline-offset: 2px }
@media (prefers-color-scheme: dark) {
  body { background: #191816; color: #eeebe4 }
  main { background: #23211d; border-color: #454037 }
  .quiet { color: #b9b3a6 }
  button { background: #23211d; color: #eeebe4; border-color: #8d8677 }
  button.main { background: #8fd0b6; border-color: #8fd0b6; color: #10231b }
}
@media (max-width: 36rem) { main { margin: 0; min-height: 100vh; box-sizing: border-box; border: 0; border-radius: 0 } }
`
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const PAGE_CSP = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

export type Page = { status: 200 | 404 | 503; locale: PublicLocale; title: string; body: string }

/** `body` is HTML made of escaped parts. */
export function page(c: Context, { status, locale, title, body }: Page): Response {
  const html = `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeText(title)}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body></html>`
  return new Response(c.req.method === 'HEAD' ? null : html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_CSP,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  })
}

export function failurePage(c: Context, status: 404 | 503, key: 'unknownLink' | 'failed'): Response {
  const locale = publicLocale(
    ...(c.req.header('accept-language') ?? '').split(',').map((part) => part.split(';')[0]?.trim()),
  )
  const title = word(locale, key)
  const hint = word(locale, key === 'unknownLink' ? 'unknownLinkHint' : 'failedHint')
  return page(c, { status, locale, title, body: `<h1>${escapeText(title)}</h1><p>${escapeText(hint)}</p>` })
}

/** Where a link leads that nobody sees. */
export function emptyPage(c: Context): Response {
  const locale = publicLocale()
  return page(c, { status: 200, locale, title: word(locale, 'unknownLink'), body: '' })
}

export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
