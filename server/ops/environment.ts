/** What the environment says of mail, written into the workspace at start, so that everything else reads one place. */

import { type AccountId, fromColumn } from '../../shared/ids.ts'
import { parseSmtpUrl } from '../../shared/message/smtp-url.ts'
import type { AccountSettings, Commands, WorkspaceSettings } from '../commands/contract.ts'
import type { Db } from '../db/open.ts'
import { listAccounts } from '../db/queries/accounts.ts'
import { findWorkspace } from '../db/queries/sessions.ts'

export type MailEnvironment = {
  smtpUrl: string | null
  /** Already split into name and address. */
  mailFrom: { name: string; email: string } | null
  postalAddress: string | null
}
type Deps = { db: Db; commands: Commands; sealer: { seal(text: string): string } }

/** SMTP_URL is the default account as long as it is set; MAIL_FROM and POSTAL_ADDRESS fill in what nobody has set. Safe to repeat. */
export async function applyMailEnvironment(deps: Deps, environment: MailEnvironment): Promise<void> {
  const { smtpUrl, mailFrom, postalAddress } = environment
  if (smtpUrl !== null) await saveAccount(deps, smtpUrl)
  const workspace = await findWorkspace(deps.db)
  const changes: Partial<WorkspaceSettings> = {
    ...(mailFrom !== null && (workspace?.senderEmail ?? '') === ''
      ? { senderEmail: mailFrom.email, ...(mailFrom.name === '' ? {} : { senderName: mailFrom.name }) }
      : {}),
    ...(postalAddress !== null && (workspace?.postalAddress ?? '') === '' ? { postalAddress } : {}),
  }
  if (Object.keys(changes).length > 0) await deps.commands('save-workspace', changes)
}

async function saveAccount({ db, commands, sealer }: Deps, smtpUrl: string): Promise<void> {
  const parsed = parseSmtpUrl(smtpUrl)
  if (!parsed.ok) throw new RangeError(`SMTP_URL: expected ${parsed.expected}`)
  const { password, ...account } = parsed.account
  const settings: AccountSettings = { ...account, passwordSealed: password === null ? null : sealer.seal(password) }
  const known = (await listAccounts(db)).find((row) => row.kind === 'smtp' && row.is_default === 1)
  await commands('save-account', { id: known === undefined ? null : fromColumn<AccountId>(known.id), settings })
}
