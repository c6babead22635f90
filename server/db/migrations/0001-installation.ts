/** Workspace, people who sign in, sending accounts, jobs, the inbox. */
export const installationTables: readonly string[] = [
  `CREATE TABLE workspace (
     id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, timezone TEXT NOT NULL, locale TEXT NOT NULL,
     sender_name TEXT NOT NULL, sender_email TEXT NOT NULL, postal_address TEXT NOT NULL,
     install_id TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT`,
  `CREATE TABLE user_account (
     id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash TEXT NOT NULL,
     role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')), locale TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT`,
  `CREATE TABLE session (
     token_hash TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
     created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  'CREATE INDEX session_expires ON session (expires_at)',
  `CREATE TABLE login_failure (
     key TEXT PRIMARY KEY, failures INTEGER NOT NULL CHECK (failures > 0), first_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE api_key (
     id INTEGER PRIMARY KEY, name TEXT NOT NULL, key_hash TEXT NOT NULL UNIQUE, prefix TEXT NOT NULL, scopes TEXT NOT NULL,
     created_at INTEGER NOT NULL, last_used_at INTEGER, revoked_at INTEGER) STRICT`,
  `CREATE TABLE idempotency (
     owner TEXT NOT NULL, route TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, status INTEGER NOT NULL,
     response TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (owner, route, key)) STRICT, WITHOUT ROWID`,
  'CREATE INDEX idempotency_at ON idempotency (at)',
  `CREATE TABLE sending_account (
     id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('inbox', 'smtp')),
     is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)), host TEXT NOT NULL, port INTEGER NOT NULL,
     security TEXT NOT NULL CHECK (security IN ('none', 'starttls', 'tls')), username TEXT NOT NULL, password_sealed TEXT,
     max_connections INTEGER NOT NULL CHECK (max_connections > 0), rate_per_second REAL, rate_per_hour REAL,
     status TEXT NOT NULL CHECK (status IN ('active', 'paused')), paused_reason TEXT, paused_at INTEGER,
     second_tokens REAL NOT NULL, hour_tokens REAL NOT NULL, refilled_at INTEGER NOT NULL, slowed_until INTEGER,
     created_at INTEGER NOT NULL,
     CHECK ((status = 'paused') = (paused_at IS NOT NULL))) STRICT`,
  'CREATE UNIQUE INDEX sending_account_default ON sending_account (is_default) WHERE is_default = 1',
  `CREATE TABLE import (
     id INTEGER PRIMARY KEY, status TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'completed', 'failed', 'cancelled')),
     file_name TEXT NOT NULL, path TEXT NOT NULL, size_bytes INTEGER NOT NULL, options TEXT NOT NULL, rows INTEGER NOT NULL,
     created_count INTEGER NOT NULL, updated_count INTEGER NOT NULL, duplicates INTEGER NOT NULL, rejected INTEGER NOT NULL,
     warnings TEXT NOT NULL, problem TEXT, read_bytes INTEGER NOT NULL, created_at INTEGER NOT NULL, finished_at INTEGER,
     CHECK ((status IN ('completed', 'failed', 'cancelled')) = (finished_at IS NOT NULL))) STRICT`,
  `CREATE TABLE import_error (
     import_id INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE, row INTEGER NOT NULL, column_name TEXT NOT NULL,
     code TEXT NOT NULL, message TEXT NOT NULL, record TEXT NOT NULL,
     PRIMARY KEY (import_id, row, column_name)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE import_person (
     import_id INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE, contact_id INTEGER NOT NULL,
     PRIMARY KEY (import_id, contact_id)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE job (
     id INTEGER PRIMARY KEY, kind TEXT NOT NULL, workflow_id INTEGER,
     status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'cancelled')), params TEXT NOT NULL,
     cursor INTEGER NOT NULL, total INTEGER, done INTEGER NOT NULL, counts TEXT NOT NULL, problem TEXT,
     created_at INTEGER NOT NULL, finished_at INTEGER,
     CHECK ((status = 'running') = (finished_at IS NULL))) STRICT`,
  `CREATE INDEX job_running ON job (id) WHERE status = 'running'`,
  `CREATE TABLE inbox_mail (
     id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, mail_from TEXT NOT NULL, rcpt_to TEXT NOT NULL, subject TEXT NOT NULL,
     header_from TEXT NOT NULL, message_id TEXT NOT NULL, size_bytes INTEGER NOT NULL, raw BLOB NOT NULL) STRICT`,
  `CREATE TABLE boot (
     id INTEGER PRIMARY KEY, started_at INTEGER NOT NULL, kernel_boot_id TEXT NOT NULL, version TEXT NOT NULL,
     requeued INTEGER NOT NULL, uncertain INTEGER NOT NULL, resent INTEGER NOT NULL) STRICT`,
]
