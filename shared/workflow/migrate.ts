/** Brings documents of every format there ever was to the present one, a format at a time. So far there is one, so the list is empty. */

/** From a format to the next: takes what that format allowed, gives what the next one does. */
type Migration = (document: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
const MIGRATIONS: Readonly<Record<string, Migration>> = {}

/** The document in the newest format that can be reached from its own; whatever is no document of ours comes back as it is. */
export function migrated(input: unknown, migrations: Readonly<Record<string, Migration>> = MIGRATIONS): unknown {
  let document = input
  for (let left = Object.keys(migrations).length; left > 0; left -= 1) {
    if (typeof document !== 'object' || document === null || !('format' in document)) return document
    const { format } = document
    const migrate = typeof format === 'string' && Object.hasOwn(migrations, format) ? migrations[format] : undefined
    if (migrate === undefined) return document
    document = migrate({ ...document })
  }
  return document
}
