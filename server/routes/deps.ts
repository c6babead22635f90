/** What routes are given: plain dependencies, wired in main.ts and in tests/support/app.ts. */

import type { ImportCheck, ImportPreview } from '../../shared/api/contacts.ts'
import type { Alarm, ConnectionTest } from '../../shared/api/settings.ts'
import type { Stats, StepPeople } from '../../shared/api/workflows.ts'
import type { ImportId, WorkflowId } from '../../shared/ids.ts'
import type { DkimAlgorithm } from '../../shared/message/dkim-record.ts'
import type { Shown } from '../../shared/message/show.ts'
import type { Security } from '../../shared/message/smtp-url.ts'
import type { LinkPayload, LinkSigner } from '../../shared/message/tokens.ts'
import type { CompiledEmail, RenderContext } from '../../shared/message/types.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { EmailLocale, MessageClass } from '../../shared/workflow/document.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import type { Caller } from '../auth/scopes.ts'
import type { Commands, ImportOptions } from '../commands/contract.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/open.ts'

export const SESSION_COOKIE = 'perennial_session'

/** `incoming` is the request of Node's server; absent in tests without a socket. */
export type AppEnv = {
  Variables: { caller: Caller; address: string; requestId: string }
  Bindings: { incoming?: { socket: { remoteAddress?: string | undefined } } }
}

export type CompiledMail =
  | { ok: true; email: CompiledEmail; problems: readonly Problem[] }
  /** `isGivenUp`: it took all the time there is. */
  | { ok: false; problems: readonly Problem[]; isGivenUp?: boolean }
export type MailCompiler = {
  compile(email: EmailLocale, options: { messageClass: MessageClass; postalAddress: string }): Promise<CompiledMail>
  show(email: CompiledEmail, context: RenderContext): Promise<Shown>
  read(raw: Uint8Array): Promise<ReadMail | { kind: 'failed'; detail: string }>
}

/** A mail of the inbox, taken apart. */
export type ReadMail = { kind: 'read'; headers: { name: string; value: string }[]; text: string; html: string | null }

export type TestedSettings = {
  host: string
  port: number
  security: Security
  username: string
  password: string | null
}

export type DkimTools = {
  makeKey(algorithm: DkimAlgorithm): Promise<{ privateKeySealed: string; publicKey: string }>
  /** Whether the SECRET_KEY of today opens it. */
  canOpen(sealed: string): boolean
  /** Each TXT record at this name, its strings joined; null: the name servers gave no answer in time. */
  lookUpTxt(name: string): Promise<readonly string[] | null>
}

/** "Numbers of this workflow may have changed"; a hint, never the truth. null: any workflow. */
export type Hints = {
  changed(workflowId: WorkflowId | null): void
  /** @returns how to stop listening */
  subscribe(workflowId: WorkflowId, listener: () => void): () => void
}

export type Imports = {
  /** The first file of a multipart/form-data body, streamed; null: the form holds none. */
  fileOfForm(body: AsyncIterable<Uint8Array>, contentType: string): Promise<FormFile | null>
  /** What an import of this body would do; nothing is written. */
  check(body: AsyncIterable<Uint8Array>, options: GivenImportOptions): Promise<ImportCheck>
  /** Keep the file of the body, below DATA_DIR/imports. */
  save(body: AsyncIterable<Uint8Array>, fileName: string): Promise<SavedFile>
  discard(file: SavedFile): Promise<void>
  start(file: SavedFile, options: GivenImportOptions): Promise<ImportId>
  preview(bytes: Uint8Array, given: PreviewOptions): Promise<ImportPreview>
}
export type FormFile = { name: string; body: AsyncIterable<Uint8Array> }
export type SavedFile = {
  fileName: string
  path: string
  sizeBytes: number
  sha256: string
  head: Uint8Array
  foreign?: Uint8Array | undefined
}
export type PreviewOptions = {
  encoding?: string | undefined
  delimiter?: string | undefined
  header?: boolean | undefined
}
/** What the caller left open is guessed from the head of the file. */
export type GivenImportOptions = PreviewOptions &
  Omit<ImportOptions, 'encoding' | 'delimiter' | 'header' | 'mapping'> & {
    mapping?: Readonly<Record<string, string | null>> | undefined
  }

export type StatsRange = { version: number | null; from: Instant | null; to: Instant | null }
export type PeopleFilter = {
  state: string
  path: string | null
  reason: string | null
  cursor: string | undefined
  limit: number
}
export type Insights = {
  stats(workflowId: WorkflowId, range: StatsRange): Promise<Stats>
  stepPeople(workflowId: WorkflowId, stepId: string, filter: PeopleFilter): Promise<StepPeople>
}

/** What main.ts and tests hand to createApp. */
export type BaseDeps = {
  /** A connection for what reads long, so that it takes nobody else's turn or cache; without it the shared one is used. */
  openReader?: (() => Promise<Db>) | undefined
  /** Reads only. */
  db: Db
  commands: Commands
  config: Config
  now: () => Instant
  compiler: MailCompiler
  testConnection(settings: TestedSettings): Promise<ConnectionTest>
  dkim: DkimTools
  signer: LinkSigner & { verify(token: string): LinkPayload | null }
  sealer: { seal(text: string): string; open(sealed: string): string | null }
  hints: Hints
  insights: Insights
  log: {
    error(details: object, message: string): void
    info(details: object, message: string): void
    warn(details: object, message: string): void
  }
}
export type RouteDeps = BaseDeps & { imports: Imports; alarms(): Promise<Alarm[]> }
