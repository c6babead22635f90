/** Contacts, their identities and consents, what happened to them. */
import { oneOf } from './migration.ts'

export const contactTables: readonly string[] = [
  // AUTOINCREMENT: the id of an erased person must never be given to another (history still carries it).
  `CREATE TABLE contact (
     id INTEGER PRIMARY KEY AUTOINCREMENT, part INTEGER NOT NULL, email TEXT, external_id TEXT, name_folded TEXT NOT NULL,
     email_folded TEXT NOT NULL, timezone TEXT, locale TEXT, attributes TEXT NOT NULL, tags TEXT NOT NULL, consent TEXT NOT NULL,
     suppression TEXT NOT NULL CHECK (${oneOf('suppression', 'none', 'global', 'hard')}),
     created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
     CHECK ((email IS NULL) = (email_folded = ''))) STRICT`,
  'CREATE INDEX contact_name ON contact (name_folded, id)',
  'CREATE INDEX contact_email ON contact (email_folded, id)',
  `CREATE TABLE contact_identity (
     kind TEXT NOT NULL CHECK (kind IN ('email', 'external')), value TEXT NOT NULL CHECK (value <> ''), part INTEGER NOT NULL,
     contact_id INTEGER NOT NULL, PRIMARY KEY (kind, value)) STRICT, WITHOUT ROWID`,
  'CREATE INDEX contact_identity_contact ON contact_identity (contact_id)',
  `CREATE TABLE consent_record (
     id INTEGER PRIMARY KEY, part INTEGER NOT NULL, contact_id INTEGER NOT NULL, topic TEXT NOT NULL,
     status TEXT NOT NULL CHECK (${oneOf('status', 'granted', 'withdrawn', 'unknown')}), source TEXT NOT NULL, text TEXT, address TEXT,
     at INTEGER NOT NULL) STRICT`,
  'CREATE INDEX consent_record_contact ON consent_record (contact_id, part, id)',
  `CREATE TABLE attribute_definition (
     key TEXT PRIMARY KEY, type TEXT NOT NULL CHECK (${oneOf('type', 'text', 'number', 'boolean', 'date')}),
     created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE event_definition (
     name TEXT PRIMARY KEY, properties TEXT NOT NULL, first_seen_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE event (
     id INTEGER PRIMARY KEY, part INTEGER NOT NULL, contact_id INTEGER NOT NULL, name TEXT NOT NULL, properties TEXT NOT NULL,
     occurred_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, idem_key TEXT) STRICT`,
  'CREATE UNIQUE INDEX event_idem ON event (part, idem_key) WHERE idem_key IS NOT NULL',
  'CREATE INDEX event_contact ON event (contact_id, part, name, occurred_at)',
  `CREATE TABLE installation_key (purpose TEXT PRIMARY KEY, key TEXT NOT NULL CHECK (length(key) = 64)) STRICT, WITHOUT ROWID`,
  `INSERT INTO installation_key (purpose, key) VALUES ('erasure', lower(hex(randomblob(32))))`,
  `CREATE TABLE erased_address (
     hash TEXT PRIMARY KEY, suppression TEXT NOT NULL CHECK (${oneOf('suppression', 'none', 'global', 'hard')}), withdrawn TEXT NOT NULL,
     at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
]
