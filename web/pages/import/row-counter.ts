/** How many people stand in a file, counted as it is read. Pure. */

export type RowCounter = { add(text: string): void; rows(): number }

/**
 * Count the records of a CSV given in pieces. A quote opens only at the start of a cell, as in RFC 4180, and line breaks
 * inside quotes belong to their cell; blank lines and rows of nothing but separators are no records.
 */
export function createRowCounter(delimiter: string): RowCounter {
  let rows = 0
  let isQuoted = false
  let isCellStart = true
  let hasText = false
  let mayReopen = false
  const take = (sign: string): void => {
    if (isQuoted) {
      if (sign !== '"') hasText ||= sign.trim() !== ''
      isQuoted = sign !== '"'
      mayReopen = !isQuoted // a doubled quote is one inside the cell
      return
    }
    const isReopened = sign === '"' && mayReopen
    mayReopen = false
    if (isReopened || (sign === '"' && isCellStart)) {
      isQuoted = true
      isCellStart = false
    } else if (sign === '\n' || sign === '\r') {
      if (hasText) rows += 1
      hasText = false
      isCellStart = true
    } else if (sign === delimiter) isCellStart = true
    else {
      isCellStart = false
      hasText ||= sign.trim() !== ''
    }
  }
  return {
    add: (text) => {
      for (const sign of text) take(sign)
    },
    rows: () => rows + (hasText ? 1 : 0),
  }
}
