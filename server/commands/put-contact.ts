/** Create or merge one contact, and let the workflows they are in and those they may enter react. */

import type { Moment } from '../engine/context.ts'
import { enrollByContact } from '../engine/enroll.ts'
import { react } from '../engine/react.ts'
import { writeContact } from './contact-write.ts'
import type { CommandInput, CommandOutput } from './contract.ts'

export async function putContact(
  moment: Moment,
  { patch, ref, trigger }: CommandInput<'put-contact'>,
): Promise<CommandOutput<'put-contact'>> {
  const { id, created, change, tagsAdded } = await writeContact(moment, patch, { ref })
  if (!created) await react(moment, id, change)
  if (trigger) await enrollByContact(moment, id, { isCreated: created, tagsAdded }, false)
  return { id, created }
}
