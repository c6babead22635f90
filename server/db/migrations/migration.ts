/** One step of the schema: statements per dialect, run once, in order. */
export type Migration = { name: string; sqlite: readonly string[]; postgres: readonly string[] }

/**
 * A check that `column` is one of `values`. SQLite builds a table of an IN list of three or more whenever a row is written: the four of
 * `message` were half of an insert (20 us, 9 us with these).
 */
export const oneOf = (column: string, ...values: readonly string[]): string =>
  `(${values.map((value) => `${column} = '${value}'`).join(' OR ')})`
