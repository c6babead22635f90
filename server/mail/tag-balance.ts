/** Tags opened and never closed, which MJML passes over in silence. */

export type TagFault = { tag: string; line: number; kind: 'unclosed' | 'unopened' }

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
/** HTML lets these end by themselves. */
const OPTIONAL_END = new Set('p li td th tr tbody thead tfoot dt dd option colgroup html body head'.split(' '))
const TAG =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<(\/?)([A-Za-z][\w-]*)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g

/** In the order of the source. */
export function unbalancedTags(source: string): TagFault[] {
  const open: { tag: string; at: number }[] = []
  const faults: TagFault[] = []
  const lineOf = (at: number) => source.slice(0, at).split('\n').length
  const unclosed = ({ tag, at }: { tag: string; at: number }) => {
    if (!OPTIONAL_END.has(tag)) faults.push({ tag, line: lineOf(at), kind: 'unclosed' })
  }
  for (const match of source.matchAll(TAG)) {
    const [, slash, name, , selfClosing] = match
    if (name === undefined) continue
    const tag = name.toLowerCase()
    if (VOID.has(tag) || selfClosing === '/') continue
    if (slash !== '/') {
      open.push({ tag, at: match.index })
      continue
    }
    const opener = open.findLastIndex((other) => other.tag === tag)
    if (opener < 0) {
      if (!OPTIONAL_END.has(tag)) faults.push({ tag, line: lineOf(match.index), kind: 'unopened' })
      continue
    }
    for (const other of open.splice(opener).slice(1)) unclosed(other)
  }
  for (const other of open) unclosed(other)
  return faults
}
