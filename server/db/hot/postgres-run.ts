/** One statement of a transaction, in its own text, with its values. */
import { CompiledQuery, type Kysely } from 'kysely'
import type { Database } from '../schema.ts'

export type Run = {
  /** The rows, as the statement names their columns. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** How many rows were written. */
  changes(text: string, values?: readonly unknown[]): Promise<number>
}

export function runIn(transaction: Kysely<Database>): Run {
  const execute = (text: string, values: readonly unknown[]) =>
    transaction.executeQuery(CompiledQuery.raw(text, [...values]))
  return {
    // The text says which columns there are: the one place where it is taken at its word.
    rows: async <Row>(text: string, values: readonly unknown[] = []) => (await execute(text, values)).rows as Row[],
    changes: async (text, values = []) => Number((await execute(text, values)).numAffectedRows ?? 0n),
  }
}

/**
 * Rows as columns: one array per column, and the text that makes rows of them again, each with its place `i` from 1.
 * @param types  the columns in order, by name, each with its type
 */
export function columnsOf<Row>(rows: readonly Row[], types: { readonly [K in keyof Row & string]?: string }) {
  const names = Object.keys(types) as (keyof Row & string)[]
  return {
    values: names.map((name) => rows.map((row) => row[name])),
    from: `unnest(${names.map((name, at) => `$${at + 1}::${types[name]}[]`).join(', ')}) WITH ORDINALITY
      AS w (${[...names, 'i'].map((name) => `"${name}"`).join(', ')})`,
  }
}
