/** Reads documents of every format there ever was. So far there is one. */
import { DOCUMENT_FORMAT, parseDocument, type WorkflowDocument } from './document.ts'
import { isRecord, show } from './draft.ts'

export class UnknownFormat extends Error {
  override readonly name = 'unknown-format'
  readonly found: unknown
  constructor(found: unknown) {
    super(`The document has the format ${show(found)}; this version reads ${JSON.stringify(DOCUMENT_FORMAT)}.`)
    this.found = found
  }
}

/**
 * Bring a document of any age to the present shape. Safe to repeat.
 *
 * @throws UnknownFormat for a format we do not read
 * @throws z.ZodError naming each path that is not of the outer shape
 */
export function migrateDocument(input: unknown): WorkflowDocument {
  const format = isRecord(input) ? input.format : undefined
  if (format !== DOCUMENT_FORMAT) throw new UnknownFormat(format)
  return parseDocument(input)
}
