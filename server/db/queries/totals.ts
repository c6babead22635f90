/** How many there are of what would take a scan to count. Exact: triggers keep the table `total` (migrations/0001-totals.ts). */
import type { Db } from '../open.ts'

async function readTotals(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db.sql.selectFrom('total').select(['name', 'n']).execute()
  return new Map(rows.map(({ name, n }) => [name, Number(n)]))
}

/** All contacts, and those who may get marketing mail. */
export async function contactTotals(db: Db): Promise<{ total: number; mailable: number }> {
  const totals = await readTotals(db)
  return { total: totals.get('contacts') ?? 0, mailable: totals.get('mailable') ?? 0 }
}

const PREFIX = 'messages.'

/** Messages by status, test sends too; a status nobody is in is left out. */
export async function messageTotals(db: Db): Promise<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const [name, n] of await readTotals(db)) {
    if (name.startsWith(PREFIX) && n > 0) counts.set(name.slice(PREFIX.length), n)
  }
  const tests = await db.sql
    .selectFrom('message')
    .select(['status', (eb) => eb.fn.countAll<number>().as('n')])
    .where('enrollment_id', 'is', null)
    .groupBy('status')
    .execute()
  for (const { status, n } of tests) counts.set(status, (counts.get(status) ?? 0) + Number(n))
  return Object.fromEntries(counts)
}
