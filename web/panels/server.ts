/** What panels, dialogs and the email editor ask of the server; the workflow page passes it in. */
import type { Fields } from '../../shared/api/contacts.ts'
import type { AudienceCount } from '../../shared/api/workflows.ts'
import type { Condition } from '../../shared/condition/schema.ts'
import type { MessageClass } from '../../shared/workflow/document.ts'

export type PanelServer = {
  fields: Fields
  countAudience(condition: Condition | null, messageClass: MessageClass): Promise<AudienceCount>
  searchContacts(words: string): Promise<readonly { id: string; name: string }[]>
  /** @param contactId as whom the email is rendered; null: nobody, so that every fallback shows */
  sendTest(emailKey: string, to: readonly string[], contactId: string | null): Promise<void>
}
