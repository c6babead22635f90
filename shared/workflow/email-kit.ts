/**
 * From a few blocks to a complete MJML email: one calm, responsive design for the starting email and the recipes. Every colour
 * holds 4.5:1 on its ground, also in the dark scheme; there are no images, so nothing is lost where images are blocked.
 */
import { assertNever } from '../assert-never.ts'

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'quiet'; text: string }
  | { kind: 'quote'; text: string }
  | { kind: 'button'; label: string; href: string }
  | { kind: 'divider' }
  | { kind: 'points'; items: readonly { title: string; text: string }[] }
  | { kind: 'choices'; items: readonly { title: string; text: string; href: string }[] }
  | { kind: 'code'; caption: string; code: string; note: string }

export type Letter = {
  lang: string
  /** For screen readers and the browser's tab. */
  title: string
  /** Liquid or text; already escaped for MJML. */
  sender: string
  blocks: readonly Block[]
  footer: { why: string; unsubscribe: string }
}

const PAPER = '#F6F5F0'
const CARD = '#FFFFFF'
const INK = '#22271F'
const QUIET = '#5A6054'
const LEAF = '#2D6A47'
const LEAF_TEXT = '#24593B'
const WASH = '#EEF5EC'
const LINE = '#E2DFD5'

const SANS =
  "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans', sans-serif"
const SERIF = "Georgia, 'Times New Roman', 'Songti SC', 'Noto Serif', serif"

const HEAD = `    <mj-attributes>
      <mj-all font-family="${SANS}" />
      <mj-text font-size="16px" line-height="1.6" color="${INK}" padding="0 40px 16px" />
      <mj-button font-size="16px" font-weight="600" background-color="${LEAF}" color="#FFFFFF" border-radius="8px" inner-padding="14px 28px" padding="8px 40px 24px" align="left" />
      <mj-divider border-width="1px" border-color="${LINE}" padding="8px 40px 24px" />
      <mj-section padding="0" />
    </mj-attributes>
    <mj-raw>
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
    </mj-raw>
    <mj-style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      a { color: ${LEAF_TEXT}; }
      @media (max-width: 479px) {
        .text { padding-left: 24px !important; padding-right: 24px !important; }
        .title div { font-size: 26px !important; }
      }
      @media (prefers-color-scheme: dark) {
        .page, .page > div { background: #161916 !important; }
        .card, .card > table { background: #1E221E !important; }
        .text div, .text td, .text strong { color: #ECEAE1 !important; }
        .quiet div { color: #BEC0B4 !important; }
        .text a, .quiet a { color: #9BD8B2 !important; }
        .wash, .wash > table { background: #21352A !important; }
        .button td, .button a { background: #86CBA0 !important; color: #0F2417 !important; }
        .rule p { border-top-color: #454C43 !important; }
      }
    </mj-style>`

/** The whole email as MJML, Liquid inside. */
export function letter({ lang, title, sender, blocks, footer }: Letter): string {
  return `<mjml lang="${lang}">
  <mj-head>
    <mj-title>${title}</mj-title>
${HEAD}
  </mj-head>
  <mj-body background-color="${PAPER}" css-class="page">
    <mj-section padding="32px 0 20px">
      <mj-column>
        <mj-text css-class="text" align="center" font-size="15px" font-weight="600" letter-spacing="0.5px" padding="0 40px">
          ${sender}
        </mj-text>
      </mj-column>
    </mj-section>
${sections(blocks).join('\n')}
    <mj-section padding="24px 0 40px">
      <mj-column>
        <mj-text css-class="quiet text" align="center" font-size="13px" color="${QUIET}" padding="0 40px 8px">
          ${footer.why}
        </mj-text>
        <mj-text css-class="quiet text" align="center" font-size="13px" color="${QUIET}" padding="0 40px 8px">
          {{ sender.postal_address }}
        </mj-text>
        <mj-text css-class="quiet text" align="center" font-size="13px" color="${QUIET}" padding="0 40px">
          <a href="{{ unsubscribe_url }}" style="color: ${LEAF_TEXT}; text-decoration: underline">${footer.unsubscribe}</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`
}

/** Blocks that follow each other share a section of the card; a code stands on a ground of its own. */
function sections(blocks: readonly Block[]): string[] {
  const groups: { isWash: boolean; content: string[] }[] = []
  for (const block of blocks) {
    const isWash = block.kind === 'code'
    const last = groups.at(-1)
    if (last === undefined || last.isWash || isWash) groups.push({ isWash, content: [drawn(block)] })
    else last.content.push(drawn(block))
  }
  return groups.map(({ isWash, content }, index) => {
    const top = index === 0 ? '36px' : '20px'
    const bottom = index === groups.length - 1 ? '16px' : '4px'
    const rounded = `${index === 0 ? '12px 12px' : '0 0'} ${index === groups.length - 1 ? '12px 12px' : '0 0'}`
    return `    <mj-section css-class="${isWash ? 'wash' : 'card'}" background-color="${isWash ? WASH : CARD}" border-radius="${rounded}" padding="${isWash ? '24px 0 8px' : `${top} 0 ${bottom}`}">
      <mj-column>
${content.join('\n')}
      </mj-column>
    </mj-section>`
  })
}

function drawn(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return text(
        `<h1 style="margin: 0; font: inherit">${block.text}</h1>`,
        `css-class="text title" font-family="${SERIF}" font-size="30px" line-height="1.25" padding="0 40px 20px"`,
      )
    case 'text':
      return text(block.text, 'css-class="text"')
    case 'quiet':
      return text(block.text, `css-class="quiet text" font-size="14px" color="${QUIET}"`)
    case 'quote':
      return text(
        block.text,
        `css-class="text" font-family="${SERIF}" font-size="22px" line-height="1.4" align="center" padding="12px 40px 28px"`,
      )
    case 'button':
      return `        <mj-button css-class="button text" href="${block.href}">${block.label}</mj-button>`
    case 'divider':
      return '        <mj-divider css-class="rule" />'
    case 'points':
      return block.items.map(({ title, text: line }, index) => point(index + 1, title, line)).join('\n')
    case 'choices':
      return block.items.map(choice).join('\n')
    case 'code':
      return [
        text(
          block.caption,
          `css-class="quiet text" font-size="14px" align="center" color="${QUIET}" padding="0 40px 4px"`,
        ),
        text(
          `<strong>${block.code}</strong>`,
          'css-class="text" font-size="26px" letter-spacing="3px" align="center" padding="0 40px 4px"',
        ),
        text(block.note, `css-class="quiet text" font-size="14px" align="center" color="${QUIET}"`),
      ].join('\n')
    default:
      return assertNever(block)
  }
}

const text = (content: string, attributes: string): string => `        <mj-text ${attributes}>
          ${content}
        </mj-text>`

const point = (
  no: number,
  title: string,
  line: string,
): string => `        <mj-table css-class="text" font-size="16px" line-height="1.5" color="${INK}" padding="0 40px 16px" role="presentation">
          <tr>
            <td style="width: 40px; vertical-align: top; font-family: ${SERIF}; font-size: 24px; line-height: 1.1" aria-hidden="true">${no}</td>
            <td style="vertical-align: top"><strong>${title}</strong><br />${line}</td>
          </tr>
        </mj-table>`

const choice = ({
  title,
  text: line,
  href,
}: {
  title: string
  text: string
  href: string
}): string => `        <mj-text css-class="text" padding="0 40px 12px">
          <a href="${href}" style="color: ${LEAF_TEXT}; font-weight: 600; text-decoration: underline">${title}</a><br />${line}
        </mj-text>`
