/** What an import would do, without doing it: the same reading and the same rules, counted and not written. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ImportCheck } from '../../shared/api/contacts.ts'
import type { ImportRow } from '../commands/import-row.ts'
import type { Db } from '../db/open.ts'
import { type Acquaintance, findAcquaintances } from '../db/queries/imports.ts'
import { columnsOf, type Mapping } from './columns.ts'
import { hashOf, PeopleSeen } from './people-seen.ts'
import { type Given, type Layout, layoutOf } from './preview.ts'
import { oddities, recordsOf } from './reader.ts'
import { rowTaker } from './rows.ts'

const ERRORS_SHOWN = 100
/** Rows whose people are looked up together: 2 ms. */
const BATCH = 200

export async function checkImport(
  db: Db,
  body: AsyncIterable<Uint8Array>,
  given: Given & { mapping?: Mapping },
  headBytes: number,
): Promise<ImportCheck> {
  const startedAt = performance.now()
  const { head, isWhole, rest } = await headAndRest(body, headBytes)
  const layout = layoutOf(head, given, isWhole)
  const takeRow = rowTaker(await columnsOf(db, layout, given.mapping))
  const odd = oddities()
  const tally = new Tally(db)
  let problem: string | undefined
  for await (const { records, openQuote } of recordsOf(rest, layout)) {
    for (const record of records) {
      const taken = takeRow(record)
      if (taken.kind === 'empty') continue
      odd.note(record, taken)
      if (taken.kind === 'row') await tally.row(taken.row)
      else tally.rejected(taken.errors)
    }
    await nextTurn()
    if (openQuote !== null) problem = `A quote is opened on line ${openQuote} and never closed.`
  }
  const counts = await tally.end()
  const tookMs = Math.round(performance.now() - startedAt)
  return {
    ...counts,
    ...shownOf(layout),
    warnings: odd.warnings(),
    tookMs,
    ...(problem === undefined ? {} : { problem }),
  }
}

const shownOf = ({ encoding, delimiter, header }: Layout) => ({ encoding, delimiter, header })

async function headAndRest(body: AsyncIterable<Uint8Array>, headBytes: number) {
  const chunks = body[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let size = 0
  let isWhole = false
  while (size < headBytes && !isWhole) {
    const { done, value } = await chunks.next()
    if (done === true) isWhole = true
    else {
      held.push(value)
      size += value.byteLength
    }
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield* held
    if (isWhole) return
    for (let read = await chunks.next(); read.done !== true; read = await chunks.next()) yield read.value
  }
  return { head: Buffer.concat(held).subarray(0, headBytes), isWhole: isWhole && size <= headBytes, rest: rest() }
}

type Refusals = readonly ImportCheck['errors'][number][]

class Tally {
  readonly #db: Db
  readonly #counts = { rows: 0, created: 0, updated: 0, duplicates: 0, rejected: 0, blocked: 0 }
  readonly #reasons = new Map<string, number>()
  readonly #errors: ImportCheck['errors'] = []
  readonly #seen = new PeopleSeen()
  #waiting: ImportRow[] = []

  constructor(db: Db) {
    this.#db = db
  }

  async row(row: ImportRow): Promise<void> {
    this.#counts.rows += 1
    this.#waiting.push(row)
    if (this.#waiting.length >= BATCH) await this.#look()
  }

  rejected(refusals: Refusals): void {
    this.#counts.rows += 1
    this.#refuse(refusals)
  }

  async end() {
    await this.#look()
    const reasons = [...this.#reasons].sort((a, b) => b[1] - a[1]).map(([code, n]) => ({ code, n }))
    return { ...this.#counts, reasons, errors: this.#errors.sort((a, b) => a.row - b.row) }
  }

  async #look(): Promise<void> {
    const rows = this.#waiting
    this.#waiting = []
    const known = await findAcquaintances(this.#db, rows)
    for (const row of rows) this.#take(row, known)
  }

  #take(row: ImportRow, known: ReadonlyMap<string, Acquaintance>): void {
    const identities = identitiesOf(row)
    const owners = identities.map(({ name }) => this.#seen.find(name) ?? known.get(name)?.id ?? NOBODY)
    const people = [...new Set(owners.filter((owner) => owner !== NOBODY))]
    if (people.length > 1) {
      const message = 'The address and the external id name two people.'
      this.#refuse([{ row: row.row, column: '', code: 'conflict', message }])
      return
    }
    const person = people[0]
    if (person === undefined) this.#counts.created += 1
    else if (person < 0 || this.#seen.find(`#${person}`) !== null) this.#counts.duplicates += 1
    else {
      this.#counts.updated += 1
      this.#seen.give(`#${person}`, person)
      if (identities.some(({ name }) => known.get(name)?.isBlocked === true)) this.#counts.blocked += 1
    }
    // Contacts by their ids, those who would be new by numbers below zero.
    this.#name(person ?? -this.#counts.created, identities, known)
  }

  /** What somebody was known by before names nobody any more; that can happen only where a row knows people by two things. */
  #name(person: number, identities: readonly Identity[], known: ReadonlyMap<string, Acquaintance>): void {
    const acquaintance = identities.map(({ name }) => known.get(name)).find((one) => one?.id === person)
    for (const { kind, name } of identities) {
      const stored = acquaintance?.[kind] ?? null
      const before = this.#seen.find(`${kind} of #${person}`) ?? (stored === null ? null : hashOf(`${kind}:${stored}`))
      if (before !== null && before !== hashOf(name)) this.#seen.giveHash(before, NOBODY)
      this.#seen.give(name, person)
      if (identities.length > 1) this.#seen.give(`${kind} of #${person}`, hashOf(name))
    }
  }

  #refuse(refusals: Refusals): void {
    this.#counts.rejected += 1
    const [first] = refusals
    if (first !== undefined) this.#reasons.set(first.code, (this.#reasons.get(first.code) ?? 0) + 1)
    for (const { row, column, code, message } of refusals)
      if (this.#errors.length < ERRORS_SHOWN) this.#errors.push({ row, column, code, message })
  }
}

type Identity = { kind: 'email' | 'external'; name: string }
/** Whom an identity names that somebody gave up. */
const NOBODY = 0

const identitiesOf = ({ emailFolded, externalId }: ImportRow): Identity[] => [
  ...(emailFolded === null ? [] : [{ kind: 'email' as const, name: `email:${emailFolded}` }]),
  ...(externalId === null ? [] : [{ kind: 'external' as const, name: `external:${externalId}` }]),
]
