/** What every piece of the engine gets: the clock, the plans, the policy, and a few settings read once. */
import type { AccountId, Part, WorkflowId } from '../../shared/ids.ts'
import { fromColumn } from '../../shared/ids.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { Counters } from './counters.ts'
import { createPlans, type Plans } from './plans.ts'
import type { Tx } from './transact.ts'

/** Lives as long as the process that writes. */
export type Engine = {
  now(): Instant
  plans: Plans
  uncertainSends: 'hold' | 'resend'
  /** The workspace row and the default account, until something is saved. */
  settings: { current: Settings | null }
}
export type Settings = { timezone: string; accountId: AccountId; installId: string; senderEmail: string }

/** Lives as long as one transaction: one instant, one set of counters. */
export type Moment = { engine: Engine; tx: Tx; now: Instant; counters: Counters; settings: Settings }

export type EngineOptions = { now: () => Instant; uncertainSends?: 'hold' | 'resend' }

export function createEngine(options: EngineOptions): Engine {
  return {
    now: options.now,
    plans: createPlans(),
    uncertainSends: options.uncertainSends ?? 'hold',
    settings: { current: null },
  }
}

/** Begin the bookkeeping of one transaction. Finish with `settle`. */
export async function beginMoment(engine: Engine, tx: Tx): Promise<Moment> {
  engine.settings.current ??= await readSettings(tx)
  return { engine, tx, now: engine.now(), counters: new Counters(), settings: engine.settings.current }
}

/** Write the counters and note whose numbers moved. */
export async function settle(moment: Moment): Promise<void> {
  for (const id of moment.counters.workflows()) moment.tx.hints.stats.add(id)
  await moment.counters.flush(moment.tx.store)
}

/** Forget everything cached that a write may have changed. */
export function forgetCaches(engine: Engine): void {
  engine.plans.forget()
  engine.settings.current = null
}

async function readSettings(tx: Tx): Promise<Settings> {
  const workspace = await tx.sql.selectFrom('workspace').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
  const account = await tx.sql
    .selectFrom('sending_account')
    .select('id')
    .where('is_default', '=', 1)
    .executeTakeFirstOrThrow()
  return {
    timezone: workspace.timezone,
    accountId: fromColumn<AccountId>(account.id),
    installId: workspace.install_id,
    senderEmail: workspace.sender_email,
  }
}

export const partColumn = (value: number): Part => fromColumn<Part>(value)
export const workflowColumn = (value: number): WorkflowId => fromColumn<WorkflowId>(value)
