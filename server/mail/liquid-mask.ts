/**
 * Liquid hidden from tools that know nothing of it: each `{{ … }}` and `{% … %}` becomes a word of letters and digits, which survives
 * attributes, text, CSS and conversion to plain text, and is put back afterwards.
 */
export type Masked = {
  text: string
  /** Put the Liquid back into a text made from `text`. */
  unmask(text: string): string
  hasMask(text: string): boolean
  /** Liquid tags (`{% … %}`) that are not in `text` any more. */
  lostTags(text: string): string[]
}

const LIQUID = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g

export function maskLiquid(source: string): Masked {
  let word = 'lqm'
  while (source.toLowerCase().includes(word)) word += 'q'
  const pieces: string[] = []
  const text = source.replace(LIQUID, (liquid) => `${word}${pieces.push(liquid) - 1}z`)
  const mask = new RegExp(`${word}(\\d+)z`, 'g')
  return {
    text,
    unmask: (masked) => masked.replace(mask, (_all, index: string) => pieces[Number(index)] ?? ''),
    hasMask: (masked) => masked.includes(word),
    lostTags: (masked) =>
      pieces.filter(
        (liquid, i) =>
          liquid.startsWith('{%') && !masked.includes(`${word}${i}z`) && !/^\{%-?\s*(end)?comment/.test(liquid),
      ),
  }
}
