/** Collects the pieces of one body while Liquid renders it: literals as they were encoded beforehand, outputs as text. */
import type { LiteralEmitter } from '../../shared/message/liquid.ts'
import { asText, OUTPUT_LIMIT_BYTES, OutputTooLong } from '../../shared/message/liquid.ts'
import {
  BREAKS_URL,
  type Format,
  hasRaggedEdge,
  type Literal,
  type Opening,
  type Parts,
  type Piece,
} from './literal-parts.ts'

/** What becomes of a URL that Liquid made, as it stands in the body: a place for the tracked address, or the URL itself. */
export type ResolveUrl = (no: number, url: string) => Piece

export class PieceEmitter implements LiteralEmitter {
  buffer = ''
  readonly pieces: Piece[] = []
  readonly #literals: readonly Literal[]
  readonly #format: Format
  readonly #resolve: ResolveUrl
  #length = 0
  #opening: Opening | null = null
  #hasPixel = false
  #isAwkward = false

  constructor(literals: readonly Literal[], format: Format, resolve: ResolveUrl) {
    this.#literals = literals
    this.#format = format
    this.#resolve = resolve
  }

  /** Only the plain path can tell what this mail looks like. Ask when all is rendered. */
  get isAwkward(): boolean {
    return this.#isAwkward || this.#opening !== null
  }

  literal(no: number): void {
    const literal = this.#literals[no]
    if (literal === undefined) throw new RangeError(`a template of ${this.#literals.length} literals has none at ${no}`)
    this.#count(literal.length)
    if (this.#opening === null) this.#add(literal.parts)
    else if (literal.closing !== null) {
      this.#close(this.#opening, literal.closing.url)
      this.#add(literal.closing.parts)
    } else if (literal.urlText !== null) this.#continue(this.#opening, literal.urlText)
    else this.#isAwkward = true
  }

  write(output: unknown): void {
    const text = asText(output)
    this.#count(text.length)
    if (text === '') return
    if (this.#opening === null) this.#put(text)
    else this.#continue(this.#opening, text)
  }

  #add({ pieces, opening }: Parts): void {
    for (const piece of pieces) {
      if (typeof piece === 'object' && 'no' in piece && piece.no === 'open') {
        // The plain path fills the first pixel only.
        if (this.#hasPixel) this.#isAwkward = true
        this.#hasPixel = true
      }
      this.pieces.push(piece)
    }
    this.#opening = opening
  }

  #continue({ no, url }: Opening, more: string): void {
    this.#opening = { no, url: url + more }
  }

  #close({ no, url }: Opening, last: string): void {
    this.#opening = null
    const whole = url + last
    if (BREAKS_URL[this.#format].test(whole)) this.#isAwkward = true
    const piece = this.#resolve(no, whole)
    if (typeof piece === 'string') this.#put(piece)
    else this.pieces.push(piece)
  }

  #put(text: string): void {
    // A contact's value that looks like a placeholder, or a half of something: rare, and not worth a second reading of the rules.
    if (hasRaggedEdge(text) || text.includes('link.invalid')) this.#isAwkward = true
    this.pieces.push(text)
  }

  #count(length: number): void {
    this.#length += length
    if (this.#length > OUTPUT_LIMIT_BYTES) throw new OutputTooLong(`more than ${OUTPUT_LIMIT_BYTES} characters`)
  }
}
