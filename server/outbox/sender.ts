/** The sender: one runner per active account, dot marks and results of all of them batched into single commands. */
import type { LinkSigner } from '../../shared/message/tokens.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Commands, DotMark, FinishedMessage } from '../commands/contract.ts'
import { createBatcher } from '../mail/batcher.ts'
import { createLane, type Lane } from '../mail/smtp.ts'
import type { SmtpTimeouts } from '../mail/smtp-settings.ts'
import { AccountRunner, type RunnerDeps, runnerKey, type SenderLog } from './account-runner.ts'
import { Alarm } from './alarm.ts'
import type { DkimKeys } from './dkim-keys.ts'
import { accountGates, pacedLane } from './paced-lane.ts'
import type { OutboxReads, SendingAccount } from './reads.ts'

export type SenderOptions = {
  commands: Commands
  reads: OutboxReads
  sign: LinkSigner
  now: () => Instant
  /** Base of every link in a mail. */
  publicUrl: string
  /** `SMTP_RETRY`: waits between tries. */
  retryMs: readonly number[]
  newLease: () => string
  openSecret: (sealed: string) => string | null
  /** Where the embedded inbox listens; null: there is none. */
  inbox: { host: string; port: number } | null
  log: SenderLog
  /** The longest wait before looking again; 1 s by default. */
  pollMs?: number | undefined
  timeouts?: Partial<SmtpTimeouts> | undefined
  /** Absent: nothing is signed. */
  dkim?: DkimKeys | undefined
  /** How long a stop waits for messages on the wire; 8 s by default. */
  graceMs?: number | undefined
}
export type Sender = {
  /** A hint that something is to be sent; the poll is the truth. */
  wake(): void
  /** Let what is on the wire end, give every other lease back. Safe to repeat. */
  stop(): Promise<void>
}

const POLL_MS = 1_000
const GRACE_MS = 8_000
const MARKS_AT_ONCE = 500
const FINISHES_AT_ONCE = 500
const RETRY_WRITE_MS = 1_000

export function startSender(options: SenderOptions): Sender {
  const pollMs = options.pollMs ?? POLL_MS
  const deps = runnerDeps(options, pollMs)
  const runners = new Map<string, AccountRunner>()
  const retiring = new Set<Promise<void>>()
  const nap = new Alarm()
  let isStopping = false

  async function loop(): Promise<void> {
    while (!isStopping) {
      await matchAccounts().catch((error: unknown) =>
        options.log.error({ error }, 'reading the sending accounts failed'),
      )
      if (!isStopping) await nap.sleep(pollMs)
    }
  }

  /** An account whose settings changed gets a new runner, a paused one none. */
  async function matchAccounts(): Promise<void> {
    const accounts = await options.reads.accounts()
    const wanted = new Map(accounts.filter(isUsable).map((account) => [runnerKey(account), account]))
    for (const key of [...runners.keys()]) if (!wanted.has(key)) retire(key)
    for (const [key, account] of wanted) {
      if (!runners.has(key) && !isStopping) runners.set(key, new AccountRunner(deps, account))
    }
  }

  /** Nobody waits for the one that goes: its last message may hang for minutes. */
  function retire(key: string): void {
    const stopped = runners.get(key)?.stop() ?? Promise.resolve()
    runners.delete(key)
    const gone: Promise<void> = stopped
      .catch((error: unknown) => options.log.error({ error }, 'a sending account could not be stopped cleanly'))
      .finally(() => retiring.delete(gone))
    retiring.add(gone)
  }

  const isUsable = (account: SendingAccount): boolean =>
    (account.isActive || account.isPausedByItself) &&
    (account.kind === 'smtp' ? account.host !== '' : options.inbox !== null)

  const looping = loop()
  return {
    wake() {
      for (const runner of runners.values()) runner.wake()
      if (runners.size === 0) nap.ring()
    },
    async stop() {
      isStopping = true
      nap.ring()
      await looping
      for (const key of [...runners.keys()]) retire(key)
      await Promise.all(retiring)
      await deps.finishes.idle()
    },
  }
}

function runnerDeps(options: SenderOptions, pollMs: number): RunnerDeps {
  const { commands, log } = options
  const marks = createBatcher<DotMark, boolean>(async (batch) => {
    const { verdicts } = await commands('mark-dots', { marks: batch })
    const allowed = new Set(verdicts.filter(({ ok }) => ok).map(({ id }) => id))
    return batch.map(({ id }) => allowed.has(id))
  }, MARKS_AT_ONCE)
  const finishes = createBatcher<FinishedMessage, true>(async (finished) => {
    await writeFinished(commands, log, finished)
    return finished.map(() => true)
  }, FINISHES_AT_ONCE)
  const gatesOf = accountGates()
  return {
    commands,
    reads: options.reads,
    sign: options.sign,
    publicUrl: options.publicUrl.replace(/\/+$/, ''),
    now: options.now,
    retryMs: options.retryMs,
    dkim: options.dkim,
    newLease: options.newLease,
    log,
    pollMs,
    graceMs: options.graceMs ?? GRACE_MS,
    marks,
    finishes,
    newLane: (account) => pacedLane(laneFor(account, options), gatesOf(account)),
  }
}

/** What became of a message must not get lost while the process lives: a write that fails (disk full) is tried until it succeeds. */
async function writeFinished(commands: Commands, log: SenderLog, finished: readonly FinishedMessage[]): Promise<void> {
  for (;;) {
    try {
      await commands('finish-messages', { finished })
      return
    } catch (error) {
      log.error({ error, messages: finished.length }, 'results could not be written; trying again')
      await new Promise((resolve) => setTimeout(resolve, RETRY_WRITE_MS))
    }
  }
}

function laneFor(account: SendingAccount, { openSecret, inbox, timeouts }: SenderOptions): Lane {
  if (account.kind === 'inbox' && inbox !== null) {
    return createLane({ ...inbox, security: 'none', username: '', password: null, timeouts })
  }
  const { host, port, security, username, passwordSealed } = account
  const password = passwordSealed === null ? null : openSecret(passwordSealed)
  return createLane({ host, port, security, username, password, timeouts })
}
