/**
 * Every table as Kysely sees it, the same on both dialects. Times are integer ms UTC, booleans are 0 or 1, JSON is text.
 * Indexes and CHECKs are in migrations/; the promises they keep are named here.
 */
import type { Generated, Selectable } from 'kysely'

/** One row (id 1): what the whole installation shares. */
export type WorkspaceTable = {
  id: number
  name: string
  timezone: string
  locale: string
  sender_name: string
  sender_email: string
  postal_address: string
  /** Random, made once: part of every Message-ID. */
  install_id: string
  created_at: number
}

export type UserTable = {
  id: Generated<number>
  email: string // folded, unique
  name: string
  password_hash: string // scrypt$N$r$p$salt$hash
  role: string // owner | editor | viewer
  locale: string
  created_at: number
}
export type SessionTable = { token_hash: string; user_id: number; created_at: number; expires_at: number }
/** Failed sign-ins by `account:<email>` or `address:<ip>`. */
export type LoginFailureTable = { key: string; failures: number; first_at: number }
export type ApiKeyTable = {
  id: Generated<number>
  name: string
  key_hash: string // SHA-256, unique
  prefix: string // first characters, to recognise it by
  scopes: string // JSON array
  created_at: number
  last_used_at: number | null
  revoked_at: number | null
}
/** PRIMARY KEY (owner, route, key). */
export type IdempotencyTable = {
  owner: string
  route: string
  key: string
  body_hash: string
  status: number
  response: string
  at: number
}

export type SendingAccountTable = {
  id: Generated<number>
  name: string
  kind: string // inbox | smtp
  is_default: number
  host: string
  port: number
  security: string // none | opportunistic | starttls | tls
  username: string
  password_sealed: string | null // v1:keyId:iv:tag:data
  max_connections: number
  rate_per_second: number | null
  rate_per_hour: number | null
  quota_per_day: Generated<number | null> // from midnight to midnight in the workspace's zone
  status: string // active | paused
  paused_reason: string | null // by-hand or a TroubleCode
  paused_at: number | null
  paused_by: Generated<string | null> // who did it by hand; null: the sender, which tries again at retry_at
  next_slot_at: Generated<number> // under a rate per second, the first slot nobody has
  hour_tokens: number
  refilled_at: number
  day_used: Generated<number> // of the day that ends at day_ends_at, what is on the wire included
  day_ends_at: Generated<number>
  /** Until then only half of the rates, after a 421 or a "rate" reply. */
  slowed_until: number | null
  trouble_code: Generated<string | null> // TroubleCode; null: nothing is wrong
  trouble_since: Generated<number | null>
  trouble_response: Generated<string | null> // the server's last words, also once it is well again
  retry_at: Generated<number | null>
  retry_asked_at: Generated<number | null> // somebody wants it tried now
  reached_at: Generated<number | null> // since when the server has answered well
  created_at: number
}
export type SendingAccountRow = Selectable<SendingAccountTable>

/** A DKIM key. UNIQUE (domain, selector); at most one per domain signs. */
export type SendingDomainTable = {
  id: Generated<number>
  domain: string // lower case, A-labels
  selector: string
  algorithm: string // rsa-sha256 | ed25519-sha256
  private_key_sealed: string // v1:keyId:iv:tag:data
  public_key: string // as in p= of the record
  is_signing: number
  created_at: number
  checked_at: number | null
  check_status: string | null // DnsCheckStatus
  check_found: string | null // JSON array of the records found
  seen_at: number | null // when the right record was first seen
}

/** PRIMARY KEY id; `part` = partOf(id). */
export type ContactTable = {
  id: Generated<number>
  part: number
  email: string | null // as given; identity is folded in contact_identity
  external_id: string | null
  name_folded: string // for prefix search; '' when nameless. Index (name_folded, id)
  email_folded: string // '' when none. Index (email_folded, id)
  timezone: string | null
  locale: string | null
  attributes: string // JSON object
  tags: string // JSON array, sorted
  consent: string // JSON object topic -> granted | withdrawn
  suppression: string // none | global | hard
  created_at: number
  updated_at: number
}
/** PRIMARY KEY (kind, value); kind email | external. */
export type ContactIdentityTable = { kind: string; value: string; part: number; contact_id: number }
/** Append-only. */
export type ConsentRecordTable = {
  id: Generated<number>
  part: number
  contact_id: number
  topic: string
  status: string
  source: string
  text: string | null
  address: string | null
  at: number
}
export type AttributeDefinitionTable = { key: string; type: string; created_at: number } // text | number | boolean | date
/** Learned from traffic, for pickers. */
export type EventDefinitionTable = { name: string; properties: string; first_seen_at: number; last_seen_at: number }

/** UNIQUE (part, idem_key); INDEX (contact_id, part, name, occurred_at). */
export type EventTable = {
  id: Generated<number>
  part: number
  contact_id: number
  name: string
  properties: string
  occurred_at: number
  recorded_at: number
  idem_key: string | null
}

export type WorkflowTable = {
  id: Generated<number>
  name: string
  status: string // draft | live | paused | archived
  draft: string // WorkflowDocument
  draft_revision: number
  draft_saved_at: number
  draft_saved_by: number | null
  live_version: number | null
  paused_at: number | null
  archived_at: number | null
  created_at: number
}
/** Every pause of a workflow; the newest holds while the workflow is paused. INDEX (workflow_id, id). */
export type WorkflowPauseTable = {
  id: Generated<number>
  workflow_id: number
  paused_at: number
  resumed_at: number | null
  catch_up: string | null // shift | send | skip, once resumed
}
/** PRIMARY KEY (workflow_id, version); immutable. */
export type WorkflowVersionTable = {
  workflow_id: number
  version: number
  document: string
  plan: string
  hash: string
  published_at: number
  published_by: number | null
}
/** PRIMARY KEY (workflow_id, no), UNIQUE (workflow_id, step_id): a step id keeps its number over all versions. */
export type WorkflowStepTable = { workflow_id: number; no: number; step_id: string }
/** PRIMARY KEY (workflow_id, version, email_key, locale); locale '' is the default. Compiled once, at publish. */
export type VersionEmailTable = {
  workflow_id: number
  version: number
  email_key: string
  locale: string
  subject: string
  preheader: string
  html: string // Liquid inside, links numbered
  text: string
  links: string // JSON array of URLs (index = number), null where the URL contains Liquid
}

/**
 * One contact's passage. INDEX due(due_at) WHERE due_at IS NOT NULL; UNIQUE (contact_id, workflow_id, part, entry_no);
 * UNIQUE (contact_id, workflow_id, part, slot) WHERE status IN (active, paused) AND slot IS NOT NULL; INDEX live(contact_id, part) WHERE
 * status IN (active, paused); INDEX (workflow_id, id); INDEX inside(workflow_id, id) WHERE status IN (active, paused).
 */
export type EnrollmentTable = {
  id: Generated<number>
  part: number
  contact_id: number
  workflow_id: number
  version: number
  entry_no: number // 1, 2, …; re-entry 'once' can only ever write 1
  slot: string | null // concurrency: 'one' writes '', perKey the key's value, many NULL
  step_no: number
  status: string // active | paused | completed | exited | failed
  is_waiting: number
  due_at: number | null
  remaining_ms: number | null // while paused: until it was due, counted from the pause
  pause_id: Generated<number | null> // the pause that froze it last
  arrived_at: number // at step_no
  entered_at: number
  seq: number
  entry_event: string | null // JSON EventFacts
  /** 1: came with many others ("Add people"); its mail goes in the bulk lane. */
  bulk: Generated<number>
  ended_at: number | null
  end_reason: string | null
  /** What went wrong, when status is failed. */
  error: string | null
}
/** UNIQUE (contact_id, part, enrollment_id, seq): one row per activation. */
export type EnrollmentLogTable = {
  part: number
  contact_id: number
  enrollment_id: number
  seq: number
  at: number
  input: string // timer | change | exit
  path: string // JSON PathEntry[] as written by engine/log.ts
  messages: number
}

/**
 * The outbox and its history. UNIQUE (enrollment_id, part, seq, k); INDEX ready(account_id, lane, not_before) WHERE status IN (queued,
 * deferred); INDEX open(lease) WHERE status = 'sending'; INDEX attention(status, id) WHERE status IN (uncertain, failed); INDEX
 * (contact_id, part, id); INDEX (workflow_id, step_no, id). CHECK: dot_at only while sending, uncertain, sent or failed.
 */
export type MessageTable = {
  id: Generated<number>
  part: number
  contact_id: number
  enrollment_id: number | null // null: a test send
  seq: number
  k: number
  workflow_id: number
  version: number
  step_no: number | null
  email_key: string
  account_id: number
  lane: number // 0 transactional, 1 triggered, 2 bulk, 3 test
  /** Hour (ms) in which the person arrived at the step: where this message is counted. */
  arrived_hour: Generated<number>
  status: string // queued | sending | deferred | sent | uncertain | failed | skipped
  /** How often it went back to queued although it may have been delivered (UNCERTAIN_SENDS=resend, or by hand). */
  doubts: Generated<number>
  doubted_at: Generated<number | null> // the first dot mark that nobody answered, once it was queued again
  reason: string | null // of skipped, failed, deferred, uncertain
  detail: string | null // of skipped: the variable that is missing, the error that was met
  attempt: number
  lease: string | null
  not_before: number
  held_from: Generated<number | null> // not_before as it was before its workflow was paused. INDEX (workflow_id, id)
  expires_at: number
  created_at: number
  claimed_at: number | null
  dot_at: number | null
  finished_at: number | null
  recipient: string | null // address it went to, written with the dot mark
  test: string | null // JSON of a test send: { to, properties, contactId, email }
  response: string | null // last words of the server
  message_id: string | null // the Message-ID header, written with the dot mark
}
/** PRIMARY KEY (message_id, n). */
export type AttemptTable = {
  message_id: number
  n: number
  stage: string // connect | greeting | auth | mail | rcpt | data | dot
  code: number | null
  enhanced: string | null
  response: string
  at: number
  took_ms: number
}
/** PRIMARY KEY (message_id, no): URLs that contained Liquid. */
export type MessageLinkTable = { message_id: number; no: number; url: string }
/** Opens, clicks, unsubscribes. INDEX (message_id), INDEX (contact_id, part, at), INDEX (enrollment_id). */
export type MessageEventTable = {
  id: Generated<number>
  part: number
  contact_id: number
  message_id: number
  enrollment_id: number | null
  email_key: string
  kind: string // opened | clicked | unsubscribed | bounced | complained | replied
  machine: number
  link_no: number | null
  url: string | null
  user_agent: string | null
  at: number
  /** Why a machine, or why a person (shared/message/hits.ts); null for what came before this was kept. */
  reason: Generated<string | null>
  /** Keyed hash of the address it came from; null for opens and once the contact was erased. */
  source: Generated<string | null>
  /** Until then nobody knows whether it was a person: it fires nothing and counts nowhere. INDEX held(held_until). */
  held_until: Generated<number | null>
}
/** Looks at the preference page (`u`) and at the link nobody sees (`h`): tell machines from people. INDEX (message_id). */
export type LinkViewTable = {
  id: Generated<number>
  part: number
  contact_id: number
  message_id: number
  target: string
  at: number
}

/**
 * Counters. PRIMARY KEY (workflow_id, version, step_no, hour, metric, worker). `hour` is the hour (ms) in which the person arrived at the
 * step, for every metric, so entered = waiting + passed + exited holds in any range. Metrics: entered, passed, path:<id>,
 * exited:<reason>, message:<status>, opened, clicked, openedMachine, clickedMachine. step_no 0 is the workflow: entered, completed,
 * exited:<reason>, failed.
 */
export type StepStatTable = {
  workflow_id: number
  version: number
  step_no: number
  hour: number
  metric: string
  worker: number
  n: number
}

export type ImportTable = {
  id: Generated<number>
  status: string // waiting | running | completed | failed | cancelled
  file_name: string
  path: string // below DATA_DIR/imports
  size_bytes: number
  options: string // JSON
  rows: number
  created_count: number
  updated_count: number
  duplicates: number
  rejected: number
  warnings: string // JSON array
  problem: string | null
  read_bytes: number
  created_at: number
  finished_at: number | null
}
/** PRIMARY KEY (import_id, row, column_name). */
export type ImportErrorTable = {
  import_id: number
  row: number
  column_name: string
  code: string
  message: string
  record: string
}

/** Whom an import has met, to count the same person twice. PRIMARY KEY (import_id, contact_id); emptied when it ends. */
export type ImportPersonTable = { import_id: number; contact_id: number }

/** Long work in chunks: add people, empty an archived workflow. */
export type JobTable = {
  id: Generated<number>
  kind: string
  workflow_id: number | null
  status: string // running | completed | failed | cancelled
  params: string
  cursor: number
  total: number | null
  done: number
  counts: string // JSON: { enrolled, <refusal code>: n }
  problem: string | null
  created_at: number
  finished_at: number | null
}

export type InboxMailTable = {
  id: Generated<number>
  received_at: number
  mail_from: string
  rcpt_to: string // JSON array
  subject: string
  header_from: string
  message_id: string
  size_bytes: number
  raw: Uint8Array
}

/**
 * PRIMARY KEY name. How many there are, kept by triggers in the transaction that changes it, so that no page counts rows: `contacts`,
 * `mailable` (who may get marketing mail), `messages.<status>` (test sends left out: they are few, and counted by their own index),
 * `inside.<workflow id>` (people who stand in it).
 */
export type TotalTable = { name: string; n: number }

/** PRIMARY KEY purpose. Made once by the first migration and never changed: it outlives SECRET_KEY. */
export type InstallationKeyTable = { purpose: string; key: string } // purpose: erasure
/**
 * What remains of somebody who was erased: that they must not be written to. PRIMARY KEY hash = HMAC-SHA256 of the folded address under
 * the key `erasure`; gone when the address belongs to a contact again, whose own row then says the same.
 */
export type ErasedAddressTable = {
  hash: string
  suppression: string // none | global | hard
  withdrawn: string // JSON array of topics
  at: number
}

/** One row per start; what recovery found. */
export type BootTable = {
  id: Generated<number>
  started_at: number
  kernel_boot_id: string
  version: string
  requeued: number
  uncertain: number
  resent: number
}

export type Database = {
  workspace: WorkspaceTable
  user_account: UserTable
  session: SessionTable
  login_failure: LoginFailureTable
  api_key: ApiKeyTable
  idempotency: IdempotencyTable
  sending_account: SendingAccountTable
  sending_domain: SendingDomainTable
  contact: ContactTable
  contact_identity: ContactIdentityTable
  consent_record: ConsentRecordTable
  attribute_definition: AttributeDefinitionTable
  event_definition: EventDefinitionTable
  event: EventTable
  workflow: WorkflowTable
  workflow_pause: WorkflowPauseTable
  workflow_version: WorkflowVersionTable
  workflow_step: WorkflowStepTable
  version_email: VersionEmailTable
  enrollment: EnrollmentTable
  enrollment_log: EnrollmentLogTable
  message: MessageTable
  attempt: AttemptTable
  message_link: MessageLinkTable
  message_event: MessageEventTable
  link_view: LinkViewTable
  step_stat: StepStatTable
  import: ImportTable
  import_error: ImportErrorTable
  import_person: ImportPersonTable
  job: JobTable
  inbox_mail: InboxMailTable
  total: TotalTable
  installation_key: InstallationKeyTable
  erased_address: ErasedAddressTable
  boot: BootTable
}
