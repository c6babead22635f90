/** What panels, dialogs and the email editor ask of the server; the workflow page passes it in. */
import type { Contact, Fields } from '../../shared/api/contacts.ts'
import type { AudienceCount } from '../../shared/api/workflows.ts'
import type { Condition } from '../../shared/condition/schema.ts'

export type PanelServer = {
  fields: Fields
  countAudience(condition: Condition | null): Promise<AudienceCount>
  sendTest(emailKey: string, to: readonly string[], contactId: string | null): Promise<void>
}
export type ContactChoice = Pick<Contact, 'id' | 'email' | 'attributes'>
