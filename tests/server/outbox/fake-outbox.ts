/** The outbox as the sender sees it, in memory: enough of the commands to be honest about leases and marks. */
import type {
  ClaimedMessage,
  CommandInput,
  CommandMap,
  CommandName,
  Commands,
  FinishedMessage,
} from '../../../server/commands/contract.ts'
import { compileMail } from '../../../server/mail/compiled-mail.ts'
import type { OutboxReads, SendingAccount } from '../../../server/outbox/reads.ts'
import { type SenderOptions, startSender } from '../../../server/outbox/sender.ts'
import { signer } from '../../../server/tracking/tokens.ts'
import { type AccountId, type ContactId, fromColumn, type MessageId, type WorkflowId } from '../../../shared/ids.ts'
import { prepare } from '../../../shared/message/render.ts'
import type { CompiledEmail } from '../../../shared/message/types.ts'

export type Row = {
  message: ClaimedMessage
  status: string
  notBefore: number
  lease: string | null
  isMarked: boolean
  attempt: number
  outcomes: FinishedMessage[]
}
export type FakeOutbox = {
  rows: Row[]
  calls: { name: CommandName; input: unknown }[]
  commands: Commands
  /** Replace one command. */
  override: { [N in CommandName]?: (input: CommandInput<N>) => Promise<CommandMap[N]['output']> | undefined }
  accounts: SendingAccount[]
  /** In place of the usual reads. */
  reads?: OutboxReads
  add(count: number, over?: (i: number) => Partial<ClaimedMessage>): void
  count(status: string): number
}

export const account = (port: number, over: Partial<SendingAccount> = {}): SendingAccount => ({
  id: fromColumn<AccountId>(1),
  kind: 'smtp',
  host: '127.0.0.1',
  port,
  security: 'none',
  username: '',
  passwordSealed: null,
  maxConnections: 3,
  ratePerSecond: null,
  isActive: true,
  isPausedByItself: false,
  retryAskedAt: null,
  state: { troubleSince: null, retryAt: null, pausedAt: null },
  ...over,
})

export function fakeOutbox(now: () => number): FakeOutbox {
  const rows: Row[] = []
  const calls: FakeOutbox['calls'] = []
  const override: FakeOutbox['override'] = {}
  const accounts: SendingAccount[] = []
  const find = (id: MessageId, lease: string) => rows.find((row) => row.message.id === id && row.lease === lease)

  function finish(finished: FinishedMessage): void {
    const row = find(finished.id, finished.lease)
    if (row === undefined) return
    const { outcome } = finished
    row.outcomes.push(finished)
    row.lease = null
    const isHeld = outcome.kind === 'requeue' && row.isMarked && outcome.isUnsent !== true
    row.status = isHeld ? 'uncertain' : outcome.kind === 'requeue' ? 'queued' : outcome.kind
    if ('notBefore' in outcome) row.notBefore = outcome.notBefore
    if (outcome.kind === 'requeue') row.attempt -= 1
    row.isMarked = row.isMarked && outcome.kind !== 'requeue' && outcome.kind !== 'deferred'
  }

  const run = (name: CommandName, input: unknown): unknown => {
    switch (name) {
      case 'claim-messages': {
        const { limit, lease } = input as CommandInput<'claim-messages'>
        const ready = rows
          .filter((row) => ['queued', 'deferred'].includes(row.status) && row.notBefore <= now())
          .slice(0, limit)
        for (const row of ready) {
          row.attempt += 1
          Object.assign(row, { status: 'sending', lease })
        }
        const messages = ready.map(({ message, attempt }) => ({ ...message, lease, attempt, claimedAt: now() }))
        return { messages, nextAt: null }
      }
      case 'recheck-message': {
        const { id, lease } = input as CommandInput<'recheck-message'>
        return { ok: find(id, lease) !== undefined }
      }
      case 'mark-dots': {
        const { marks } = input as CommandInput<'mark-dots'>
        const verdicts = marks.map(({ id, lease }) => {
          const row = find(id, lease)
          if (row === undefined || row.isMarked) return { id, ok: false }
          row.isMarked = true
          return { id, ok: true }
        })
        return { verdicts }
      }
      case 'finish-messages':
        for (const finished of (input as CommandInput<'finish-messages'>).finished) finish(finished)
        return null
      case 'release-messages': {
        const { lease } = input as CommandInput<'release-messages'>
        const released = rows.filter((row) => row.lease === lease && !row.isMarked)
        for (const row of released) Object.assign(row, { status: 'queued', lease: null })
        return { released: released.length }
      }
      case 'set-account-status': {
        const { id, status, by = null, retryAt = null } = input as CommandInput<'set-account-status'>
        const found = accounts.findIndex((other) => other.id === id)
        const old = accounts[found]
        const isPausedByItself = status === 'paused' && by === null
        const state = { troubleSince: null, retryAt, pausedAt: isPausedByItself ? now() : null }
        if (old !== undefined) accounts[found] = { ...old, isActive: status === 'active', isPausedByItself, state }
        return null
      }
      case 'slow-account':
      case 'note-account':
        return null
      default:
        throw new Error(`the sender has no business with ${name}`)
    }
  }

  return {
    rows,
    calls,
    override,
    accounts,
    commands: async (name, input) => {
      calls.push({ name, input })
      await new Promise((resolve) => setImmediate(resolve))
      const replaced = override[name]?.(input)
      return replaced === undefined ? (run(name, input) as CommandMap[typeof name]['output']) : replaced
    },
    add(count, over = () => ({})) {
      for (let i = 0; i < count; i += 1) {
        const message = { ...claimed(rows.length + 1), ...over(i) }
        rows.push({ message, status: 'queued', notBefore: 0, lease: null, isMarked: false, attempt: 0, outcomes: [] })
      }
    },
    count: (status) => rows.filter((row) => row.status === status).length,
  }
}

export const claimed = (n: number): ClaimedMessage => ({
  id: fromColumn<MessageId>(n),
  accountId: fromColumn<AccountId>(1),
  lease: '',
  attempt: 1,
  claimedAt: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
  messageIdHeader: `${n}.1.0.install@shop.example`,
  workflowId: fromColumn<WorkflowId>(7),
  version: 1,
  emailKey: 'hello',
  messageClass: 'marketing',
  contact: {
    id: fromColumn<ContactId>(n),
    email: `person${n}@example.com`,
    timezone: 'Asia/Ho_Chi_Minh',
    locale: null,
    attributes: { first_name: 'Mai' },
    tags: [],
  },
  entry: null,
  test: null,
})

export const HELLO: CompiledEmail = {
  subject: 'Hello {{ contact.first_name }}',
  preheader: '',
  html: '<p>Hi {{ contact.first_name }} <a href="https://link.invalid/0">shop</a></p>',
  text: 'Hi {{ contact.first_name }} <https://link.invalid/0>',
  links: ['https://shop.example/?a=1&b=2#c'],
}

export function fakeReads(accounts: SendingAccount[], email: CompiledEmail = HELLO): OutboxReads {
  const prepared = prepare(email)
  return {
    accounts: () => Promise.resolve([...accounts]),
    workspace: () =>
      Promise.resolve({
        name: 'Nguyễn & Co',
        timezone: 'UTC',
        locale: 'en',
        senderName: 'Nguyễn, Minh (Sales)',
        senderEmail: 'minh@shop.example',
        postalAddress: '1 Main Street',
        installId: 'install',
      }),
    workflow: () => Promise.resolve({ name: 'Welcome', timezone: null }),
    email: () => Promise.resolve({ prepared, compiled: compileMail(prepared, 'fake') }),
  }
}

let leases = 0
export const quiet: SenderOptions['log'] = { warn: () => undefined, error: () => undefined }

export function senderFor(outbox: FakeOutbox, over: Partial<SenderOptions> = {}) {
  return startSender({
    commands: outbox.commands,
    reads: outbox.reads ?? fakeReads(outbox.accounts),
    sign: signer(['a secret']),
    now: Date.now,
    publicUrl: 'https://mail.example',
    retryMs: [60_000, 120_000],
    newLease: () => `lease-${++leases}`,
    openSecret: (sealed) => sealed,
    inbox: null,
    log: quiet,
    pollMs: 20,
    graceMs: 500,
    ...over,
  })
}
