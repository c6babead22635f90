/**
 * Workflows and their versions, enrollments, the outbox, the counters. `part` is in every key, but here never first: it is a hash, and
 * leading with it put each row of a batch on a page of its own (two to three pages to log and write back for every activation).
 */
import { oneOf } from './migration.ts'

export const engineTables: readonly string[] = [
  `CREATE TABLE workflow (
     id INTEGER PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL CHECK (${oneOf('status', 'draft', 'live', 'paused', 'archived')}),
     draft TEXT NOT NULL, draft_revision INTEGER NOT NULL CHECK (draft_revision > 0), draft_saved_at INTEGER NOT NULL,
     draft_saved_by INTEGER, live_version INTEGER, paused_at INTEGER, archived_at INTEGER, created_at INTEGER NOT NULL,
     CHECK (status NOT IN ('live', 'paused') OR live_version IS NOT NULL),
     CHECK (status <> 'draft' OR live_version IS NULL),
     CHECK ((status = 'paused') = (paused_at IS NOT NULL)),
     CHECK ((status = 'archived') = (archived_at IS NOT NULL))) STRICT`,
  `CREATE TABLE workflow_version (
     workflow_id INTEGER NOT NULL REFERENCES workflow (id), version INTEGER NOT NULL CHECK (version > 0), document TEXT NOT NULL,
     plan TEXT NOT NULL, hash TEXT NOT NULL, published_at INTEGER NOT NULL, published_by INTEGER,
     PRIMARY KEY (workflow_id, version)) STRICT`,
  // Immutable (DESIGN.md 5.7), whoever asks.
  `CREATE TRIGGER workflow_version_immutable BEFORE UPDATE ON workflow_version
   BEGIN SELECT raise(ABORT, 'a published version never changes'); END`,
  `CREATE TABLE workflow_step (
     workflow_id INTEGER NOT NULL REFERENCES workflow (id), no INTEGER NOT NULL CHECK (no > 0), step_id TEXT NOT NULL,
     PRIMARY KEY (workflow_id, no), UNIQUE (workflow_id, step_id)) STRICT`,
  `CREATE TABLE version_email (
     workflow_id INTEGER NOT NULL, version INTEGER NOT NULL, email_key TEXT NOT NULL, locale TEXT NOT NULL, subject TEXT NOT NULL,
     preheader TEXT NOT NULL, html TEXT NOT NULL, text TEXT NOT NULL, links TEXT NOT NULL,
     PRIMARY KEY (workflow_id, version, email_key, locale),
     FOREIGN KEY (workflow_id, version) REFERENCES workflow_version (workflow_id, version)) STRICT`,
  `CREATE TABLE enrollment (
     id INTEGER PRIMARY KEY, part INTEGER NOT NULL, contact_id INTEGER NOT NULL, workflow_id INTEGER NOT NULL, version INTEGER NOT NULL,
     entry_no INTEGER NOT NULL CHECK (entry_no > 0), slot TEXT, step_no INTEGER NOT NULL,
     status TEXT NOT NULL CHECK (${oneOf('status', 'active', 'paused', 'completed', 'exited', 'failed')}),
     is_waiting INTEGER NOT NULL CHECK (is_waiting IN (0, 1)), due_at INTEGER, remaining_ms INTEGER, arrived_at INTEGER NOT NULL,
     entered_at INTEGER NOT NULL, seq INTEGER NOT NULL CHECK (seq >= 0), entry_event TEXT, bulk INTEGER NOT NULL DEFAULT 0,
     ended_at INTEGER, end_reason TEXT, error TEXT,
     CHECK ((status = 'active') = (due_at IS NOT NULL)),
     CHECK ((status = 'paused') = (remaining_ms IS NOT NULL)),
     CHECK (${oneOf('status', 'completed', 'exited', 'failed')} = (ended_at IS NOT NULL)),
     CHECK (status <> 'exited' OR end_reason IS NOT NULL),
     CHECK ((status = 'failed') = (error IS NOT NULL))) STRICT`,
  'CREATE INDEX enrollment_due ON enrollment (due_at) WHERE due_at IS NOT NULL',
  'CREATE UNIQUE INDEX enrollment_entry ON enrollment (contact_id, workflow_id, part, entry_no)',
  `CREATE UNIQUE INDEX enrollment_slot ON enrollment (contact_id, workflow_id, part, slot)
     WHERE status IN ('active', 'paused') AND slot IS NOT NULL`,
  `CREATE INDEX enrollment_live ON enrollment (contact_id, part) WHERE status IN ('active', 'paused')`,
  'CREATE INDEX enrollment_workflow ON enrollment (workflow_id, id)',
  `CREATE TABLE enrollment_log (
     part INTEGER NOT NULL, contact_id INTEGER NOT NULL, enrollment_id INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
     input TEXT NOT NULL, path TEXT NOT NULL, messages INTEGER NOT NULL) STRICT`,
  // Rows are appended, only the small key is put in its place: half the pages of a table in the order of the key.
  'CREATE UNIQUE INDEX enrollment_log_key ON enrollment_log (contact_id, part, enrollment_id, seq)',
  `CREATE TABLE message (
     id INTEGER PRIMARY KEY, part INTEGER NOT NULL, contact_id INTEGER NOT NULL, enrollment_id INTEGER, seq INTEGER NOT NULL,
     k INTEGER NOT NULL, workflow_id INTEGER NOT NULL, version INTEGER NOT NULL, step_no INTEGER, email_key TEXT NOT NULL,
     account_id INTEGER NOT NULL, lane INTEGER NOT NULL CHECK (lane BETWEEN 0 AND 3), arrived_hour INTEGER NOT NULL DEFAULT 0,
     status TEXT NOT NULL CHECK (${oneOf('status', 'queued', 'sending', 'deferred', 'sent', 'uncertain', 'failed', 'skipped')}),
     doubts INTEGER NOT NULL DEFAULT 0, reason TEXT, detail TEXT, attempt INTEGER NOT NULL, lease TEXT, not_before INTEGER NOT NULL,
     expires_at INTEGER NOT NULL, created_at INTEGER NOT NULL, claimed_at INTEGER, dot_at INTEGER, finished_at INTEGER,
     recipient TEXT, test TEXT, response TEXT, message_id TEXT,
     CHECK ((status = 'sending') = (lease IS NOT NULL)),
     CHECK (status <> 'sending' OR claimed_at IS NOT NULL),
     CHECK (dot_at IS NULL OR ${oneOf('status', 'sending', 'uncertain', 'sent', 'failed')}),
     CHECK (status <> 'uncertain' OR dot_at IS NOT NULL),
     CHECK (${oneOf('status', 'sent', 'failed', 'skipped')} = (finished_at IS NOT NULL)),
     CHECK (NOT ${oneOf('status', 'skipped', 'failed', 'deferred')} OR reason IS NOT NULL),
     CHECK ((enrollment_id IS NULL) = (test IS NOT NULL))) STRICT`,
  'CREATE UNIQUE INDEX message_cause ON message (enrollment_id, part, seq, k) WHERE enrollment_id IS NOT NULL',
  `CREATE INDEX message_ready ON message (account_id, lane, not_before) WHERE status IN ('queued', 'deferred')`,
  `CREATE INDEX message_open ON message (lease) WHERE status = 'sending'`,
  `CREATE INDEX message_attention ON message (status, id) WHERE status IN ('uncertain', 'failed')`,
  'CREATE INDEX message_contact ON message (contact_id, part, id)',
  'CREATE INDEX message_step ON message (workflow_id, step_no, id)',
  `CREATE TABLE attempt (
     message_id INTEGER NOT NULL, n INTEGER NOT NULL, stage TEXT NOT NULL, code INTEGER, enhanced TEXT, response TEXT NOT NULL,
     at INTEGER NOT NULL, took_ms INTEGER NOT NULL, PRIMARY KEY (message_id, n)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE message_link (
     message_id INTEGER NOT NULL, no INTEGER NOT NULL, url TEXT NOT NULL, PRIMARY KEY (message_id, no)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE message_event (
     id INTEGER PRIMARY KEY, part INTEGER NOT NULL, contact_id INTEGER NOT NULL, message_id INTEGER NOT NULL, enrollment_id INTEGER,
     email_key TEXT NOT NULL,
     kind TEXT NOT NULL CHECK (${oneOf('kind', 'opened', 'clicked', 'unsubscribed', 'bounced', 'complained', 'replied')}),
     machine INTEGER NOT NULL CHECK (machine IN (0, 1)), link_no INTEGER, url TEXT, user_agent TEXT, at INTEGER NOT NULL) STRICT`,
  'CREATE INDEX message_event_message ON message_event (message_id)',
  'CREATE INDEX message_event_contact ON message_event (contact_id, part, at)',
  'CREATE INDEX message_event_enrollment ON message_event (enrollment_id) WHERE enrollment_id IS NOT NULL',
  `CREATE TABLE step_stat (
     workflow_id INTEGER NOT NULL, version INTEGER NOT NULL, step_no INTEGER NOT NULL, hour INTEGER NOT NULL, metric TEXT NOT NULL,
     worker INTEGER NOT NULL, n INTEGER NOT NULL,
     PRIMARY KEY (workflow_id, version, step_no, hour, metric, worker)) STRICT, WITHOUT ROWID`,
]
