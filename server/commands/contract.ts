/**
 * Every write of the product, by name. Two carriers run the same functions: inline (tests, PostgreSQL) and the writer thread (SQLite);
 * a reply is posted after COMMIT. Inputs and outputs are structured-cloneable. The clock is the carrier's: `ctx.now`.
 */
import type { ConsentStatus, EventFacts } from '../../shared/condition/facts.ts'
import type { Condition } from '../../shared/condition/schema.ts'
import type { CatchUp } from '../../shared/engine/catch-up.ts'
import type {
  AccountId,
  ApiKeyId,
  ContactId,
  EnrollmentId,
  EventId,
  ImportId,
  JobId,
  MessageId,
  SendingDomainId,
  UserId,
  WorkflowId,
} from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { DnsCheckStatus } from '../../shared/message/dkim-record.ts'
import type { Security } from '../../shared/message/smtp-url.ts'
import type { TroubleCode } from '../../shared/message/trouble.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { WorkflowDocument } from '../../shared/workflow/document.ts'
import type { Plan } from '../../shared/workflow/plan.ts'
import type { Hit } from '../engine/hits.ts'
import type { PackedRows } from './import-row.ts'

export type ContactRef = { id: ContactId } | { email: string } | { externalId: string }

export type ConsentChange = {
  status: ConsentStatus
  source: string
  text: string | null
  at: Instant | null
  address: string | null
}

export type ContactPatch = {
  email?: string | null | undefined
  externalId?: string | null | undefined
  timezone?: string | null | undefined
  locale?: string | null | undefined
  /** Merged; null deletes a value. */
  attributes?: JsonObject | undefined
  /** Replaces all tags. */
  tags?: readonly string[] | undefined
  addTags?: readonly string[] | undefined
  removeTags?: readonly string[] | undefined
  consent?: Readonly<Record<string, ConsentChange>> | undefined
}

export type WorkspaceSettings = {
  name: string
  timezone: string
  locale: string
  senderName: string
  senderEmail: string
  postalAddress: string
}

export type AccountSettings = {
  kind: 'inbox' | 'smtp'
  name: string
  host: string
  port: number
  security: Security
  username: string
  /** Sealed by server/auth/secrets.ts; null: none; undefined: keep. */
  passwordSealed?: string | null | undefined
  maxConnections: number
  ratePerSecond: number | null
  ratePerHour: number | null
  /** From midnight to midnight in the workspace's zone; undefined: keep. */
  quotaPerDay?: number | null | undefined
}

/** One email of a version, compiled by server/mail/compile.ts before the command (commands never import mail). */
export type CompiledEmailInput = {
  key: string
  /** '' is the default. */
  locale: string
  subject: string
  preheader: string
  html: string
  text: string
  /** Index = link number in `html` and `text`; null where the URL contains Liquid. */
  links: readonly (string | null)[]
}

export type NewEvent = {
  idemKey: string | null
  name: string
  contact: ContactRef
  properties: JsonObject
  occurredAt: Instant | null
}
/** An event for an address nobody has yet makes a contact (consent unknown). */
export type RecordedEvent = { status: 'recorded' | 'duplicate'; id: EventId | null; contactId: ContactId }

export type WorkflowStatus = 'draft' | 'live' | 'paused' | 'archived'

/** Why the entry rules said no, in the order of PRODUCT.md B2. */
export type EntryRefusal =
  | 'not-live'
  | 'paused'
  | 'no-manual-trigger'
  | 'trigger-filter'
  | 'audience'
  | 'suppressed'
  | 'reentry'
  | 'concurrency'
  | 'no-key'
export type EnrollOutcome = { enrolled: true; id: EnrollmentId } | { enrolled: false; reason: EntryRefusal }

export type ImportOptions = {
  encoding: string
  delimiter: string
  header: boolean
  /** Column header (or 1-based number without header) to `email`, `externalId`, `timezone`, `locale`, `tags`, `attributes.<key>` or null: leave out. */
  mapping: Readonly<Record<string, string | null>>
  /** As they were when it began, so that a resumed import reads the rest by the same rules. */
  columns?: readonly ImportColumn[] | undefined
  consent: 'granted' | 'unknown'
  consentSource: string
  consentText: string | null
  trigger: boolean
}
export type ImportColumn = { name: string; target: string | null; type: 'text' | 'number' | 'boolean' | 'date' }
export type ImportRowError = { row: number; column: string; code: string; message: string; record: string }
export type ImportChunk = {
  importId: ImportId
  /** How many records of the file were taken or refused before these: a chunk behind one that failed is not written. */
  after: number
  rows: PackedRows
  errors: readonly ImportRowError[]
  /** Bytes of the file read so far, for progress. */
  readBytes: number
}
export type ImportCounts = { rows: number; created: number; updated: number; duplicates: number; rejected: number }

/** Everything the sender needs to render and send one message, read in the claim's transaction. */
export type ClaimedMessage = {
  id: MessageId
  accountId: AccountId
  /** Claims by which lease; every later write names it. */
  lease: string
  attempt: number
  claimedAt: Instant
  /** Its slot under a rate per second: the final dot stays until then. Absent or null: at once. */
  leaveAt?: Instant | null | undefined
  expiresAt: Instant
  /** `<{enrollmentId}.{seq}.{k}.{installId}@{domain}>` without brackets: never changes. */
  messageIdHeader: string
  workflowId: WorkflowId
  version: number
  emailKey: string
  messageClass: 'marketing' | 'transactional'
  contact: {
    id: ContactId
    email: string
    externalId?: string | null | undefined
    timezone: string | null
    locale: string | null
    attributes: JsonObject
    tags: readonly string[]
  }
  /** The entry event, for `event.*`. */
  entry: EventFacts | null
  /** Set for test sends: content and recipient are its own. */
  test: TestSend | null
}
export type TestSend = { to: string; email: CompiledEmailInput; properties: JsonObject }

export type DotMark = {
  id: MessageId
  lease: string
  recipient: string
  messageIdHeader: string
  /** URLs that contained Liquid, by link number. */
  links: readonly { no: number; url: string }[]
}
/** Whether the final dot may leave; `no` means the row is not ours any more or the contact became unmailable: abort the connection. */
export type DotVerdict = { id: MessageId; ok: boolean }

export type SendStage = 'connect' | 'greeting' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot'
export type Attempt = {
  stage: SendStage
  code: number | null
  enhanced: string | null
  response: string
  tookMs: number
}
/** What became of one claimed message; decided by shared/message/replies.ts, written here. */
export type FinishedMessage = {
  id: MessageId
  lease: string
  attempt: Attempt | null
  outcome:
    | { kind: 'sent' }
    | { kind: 'deferred'; notBefore: Instant; reason: string }
    /**
     * Not sent, try again without counting it as a refusal. `isUnsent`: the end of the message was provably never pushed, so that even a
     * row whose mark was written too late to matter goes back; without it a marked row is uncertain.
     */
    | { kind: 'requeue'; notBefore: Instant; isUnsent?: true }
    | { kind: 'failed'; reason: string; hardBounce: boolean }
    | { kind: 'uncertain'; reason: string }
    | { kind: 'skipped'; reason: string; detail: string | null }
}

export type CommandMap = {
  // --- people who sign in
  setup: {
    input: {
      email: string
      name: string
      passwordHash: string
      workspace: WorkspaceSettings
      account: AccountSettings | null
      session: { tokenHash: string; expiresAt: Instant }
    }
    output: { userId: UserId } // throws conflict when set up before
  }
  /** `instead`: hash of the token the browser came with; that session ends. */
  'create-session': {
    input: { userId: UserId; tokenHash: string; expiresAt: Instant; instead?: string | null }
    output: null
  }
  'delete-session': { input: { tokenHash: string }; output: null }
  'note-login-failure': { input: { keys: readonly string[]; windowMs: number }; output: null }
  'clear-login-failures': { input: { keys: readonly string[] }; output: null }
  /** With a new password every session of the person ends, and `session` begins. */
  'save-profile': {
    input: {
      userId: UserId
      name?: string
      locale?: string
      password?: { hash: string; session: { tokenHash: string; expiresAt: Instant } }
    }
    output: null
  }
  'create-api-key': {
    input: { name: string; keyHash: string; prefix: string; scopes: readonly string[] }
    output: { id: ApiKeyId }
  }
  'revoke-api-key': { input: { id: ApiKeyId }; output: null }
  /** Writes at most once a minute per key. */
  'note-key-used': { input: { id: ApiKeyId }; output: null }
  'remember-answer': {
    input: { owner: string; route: string; key: string; bodyHash: string; status: number; response: string }
    output: null
  }
  // --- settings
  'save-workspace': { input: Partial<WorkspaceSettings>; output: null }
  'save-account': { input: { id: AccountId | null; settings: AccountSettings }; output: { id: AccountId } }
  /** `by`: who paused it by hand; null: the sender itself, which tries again at `retryAt`. */
  'set-account-status': {
    input: {
      id: AccountId
      status: 'active' | 'paused'
      reason: string | null
      by?: string | null
      response?: string
      retryAt?: Instant | null
    }
    output: null
  }
  /** What the sender found out about the server: nothing is wrong any more, or what is, and when it tries next. */
  'note-account': {
    input: {
      id: AccountId
      trouble: { code: TroubleCode; response: string; retryAt: Instant } | null
    }
    output: null
  }
  /** Try the server now instead of at `retry_at`. */
  'retry-account': { input: { id: AccountId }; output: null }
  // --- DKIM keys
  'add-sending-domain': {
    input: {
      domain: string
      algorithm: 'rsa-sha256' | 'ed25519-sha256'
      privateKeySealed: string
      publicKey: string
    }
    output: { id: SendingDomainId }
  }
  'note-domain-check': {
    input: { id: SendingDomainId; status: DnsCheckStatus; found: readonly string[] }
    output: null
  }
  /** At most one key of a domain signs: switching one on switches the others off. */
  'set-domain-signing': { input: { id: SendingDomainId; on: boolean; force: boolean }; output: null }
  'remove-sending-domain': { input: { id: SendingDomainId }; output: null }
  'slow-account': { input: { id: AccountId; until: Instant }; output: null }
  // --- contacts
  'put-contact': {
    input: { patch: ContactPatch; ref?: ContactRef | undefined; trigger: boolean }
    output: { id: ContactId; created: boolean }
  }
  'erase-contact': { input: { id: ContactId }; output: null }
  /** Withdraw one topic or, with null, everything (global suppression). Safe to repeat. */
  unsubscribe: {
    input: {
      contactId: ContactId
      messageId: MessageId | null
      topic: string | null
      source: string
      reason: string | null
    }
    output: { changed: boolean }
  }
  /** Take a global opt-out back, by the person's own hand on the preference page. */
  resubscribe: { input: { contactId: ContactId; topic: string; source: string }; output: null }
  'record-events': { input: { events: readonly NewEvent[] }; output: { events: readonly RecordedEvent[] } }
  'create-import': {
    input: { fileName: string; path: string; sizeBytes: number; options: ImportOptions }
    output: { id: ImportId }
  }
  /** Answers `cancelled` when the import was cancelled: the reader stops. `tookMs`: of the writer, so that the next chunk fits its slice. */
  'import-chunk': { input: ImportChunk; output: { cancelled: boolean; counts: ImportCounts; tookMs: number } }
  /** Forget some of whom an import met, once it has ended; until none are left. */
  'forget-imported': { input: { id: ImportId }; output: { left: boolean } }
  'finish-import': {
    input: { id: ImportId; status: 'completed' | 'failed'; warnings: readonly string[]; problem: string | null }
    output: null
  }
  'cancel-import': { input: { id: ImportId }; output: null }
  // --- workflows
  'create-workflow': {
    input: { document: WorkflowDocument; userId: UserId | null }
    output: { id: WorkflowId; revision: number }
  }
  /** Throws staleDraft. */
  'save-draft': {
    input: { id: WorkflowId; expectedRevision: number; document: WorkflowDocument; userId: UserId | null }
    output: { revision: number; savedAt: Instant }
  }
  /** The draft must still be at `revision`; the plan's step numbers come from `allocate-steps`. */
  publish: {
    input: {
      id: WorkflowId
      revision: number
      plan: Plan
      emails: readonly CompiledEmailInput[]
      userId: UserId | null
    }
    output: { version: number }
  }
  /** Numbers for step ids, kept for ever: the same id always gets the same number. */
  'allocate-steps': {
    input: { id: WorkflowId; stepIds: readonly string[] }
    output: { numbers: Readonly<Record<string, number>> }
  }
  'archive-workflow': { input: { id: WorkflowId }; output: null }
  'restore-workflow': { input: { id: WorkflowId }; output: null }
  /** From its commit on nobody moves or enters. Safe to repeat. */
  'pause-workflow': { input: { id: WorkflowId }; output: { status: WorkflowStatus; jobId: JobId | null } }
  /** Still `paused` in the answer while people are being frozen: it begins when that is done. Safe to repeat. */
  'resume-workflow': {
    input: { id: WorkflowId; catchUp: CatchUp }
    output: { status: WorkflowStatus; jobId: JobId | null }
  }
  enroll: { input: { workflowId: WorkflowId; contact: ContactRef; properties: JsonObject }; output: EnrollOutcome }
  'start-adding-people': {
    input: {
      workflowId: WorkflowId
      audience: Condition | null
      contactIds: readonly ContactId[] | null
      total: number
    }
    output: { jobId: JobId }
  }
  'cancel-job': { input: { id: JobId }; output: null }
  'exit-enrollment': { input: { id: EnrollmentId; reason: string }; output: { exited: boolean } }
  // --- messages
  'queue-test-send': {
    input: {
      workflowId: WorkflowId
      emailKey: string
      contactId: ContactId | null
      sends: readonly TestSend[]
    }
    output: { messageIds: readonly MessageId[] }
  }
  'resolve-message': { input: { id: MessageId; as: 'sent' | 'resend' | 'drop' }; output: null }
  'record-message-event': {
    input: {
      messageId: MessageId
      kind: 'opened' | 'clicked'
      machine: boolean
      linkNo: number | null
      url: string | null
      userAgent: string | null
    }
    output: null
  }
  /** Somebody or something fetched a link, the picture or the preference page of a mail: who, is judged here (shared/message/hits.ts). */
  'record-hit': { input: { messageId: MessageId; hit: Hit }; output: null }
  // --- the sender
  /** Leases ready messages of one account: limits, consent, suppression, exit rules and lateness are checked here. */
  'claim-messages': {
    input: { accountId: AccountId; limit: number; lease: string }
    output: { messages: readonly ClaimedMessage[]; nextAt: Instant | null }
  }
  /** Checked again before MAIL FROM when the claim is older than 500 ms. Not ok: it was skipped; let go of it. */
  'recheck-message': { input: { id: MessageId; lease: string }; output: { ok: boolean } }
  'mark-dots': { input: { marks: readonly DotMark[] }; output: { verdicts: readonly DotVerdict[] } }
  'finish-messages': { input: { finished: readonly FinishedMessage[] }; output: null }
  /** Give leased rows back untouched, at a clean stop. */
  'release-messages': { input: { lease: string }; output: { released: number } }
  'store-inbox-mail': {
    input: {
      mails: readonly {
        mailFrom: string
        rcptTo: readonly string[]
        subject: string
        headerFrom: string
        messageId: string
        raw: Uint8Array
      }[]
    }
    output: null
  }
  'clear-inbox': { input: null; output: null }
}

export type CommandName = keyof CommandMap
export type CommandInput<N extends CommandName> = CommandMap[N]['input']
export type CommandOutput<N extends CommandName> = CommandMap[N]['output']

/** What routes, ingest, tracking and the sender hold: send a command, await its answer after COMMIT. */
export type Commands = <N extends CommandName>(name: N, input: CommandInput<N>) => Promise<CommandOutput<N>>
