/** Create or merge one contact, and let the workflows they are in react. */

import type { Moment } from '../engine/context.ts'
import { react } from '../engine/react.ts'
import { writeContact } from './contact-write.ts'
import type { CommandInput, CommandOutput } from './contract.ts'

export async function putContact(
  moment: Moment,
  { patch, ref }: CommandInput<'put-contact'>,
): Promise<CommandOutput<'put-contact'>> {
  const { id, created, change } = await writeContact(moment, patch, { ref })
  if (!created) await react(moment, id, change)
  return { id, created }
}
