/** Every kind of step and trigger. Whoever adds one adds it to plan.ts, to its own file and here; the compiler names the rest. */
import type { DrawnStep } from './document.ts'
import type { Out, StepKind, StepKindName, TriggerKind, TriggerKindName } from './kind.ts'
import { branch } from './steps/branch.ts'
import { exit } from './steps/exit.ts'
import { sendEmail } from './steps/send-email.ts'
import { split } from './steps/split.ts'
import { updateContact } from './steps/update-contact.ts'
import { wait } from './steps/wait.ts'
import { waitUntil } from './steps/wait-until.ts'
import { contactCreatedTrigger } from './triggers/contact-created.ts'
import { eventTrigger } from './triggers/event.ts'
import { manualTrigger } from './triggers/manual.ts'
import { tagAddedTrigger } from './triggers/tag-added.ts'

/** In the order of the palette. */
export const stepKinds: Readonly<Record<StepKindName, StepKind>> = {
  'send-email': sendEmail,
  wait,
  'wait-until': waitUntil,
  branch,
  split,
  'update-contact': updateContact,
  exit,
}

export const triggerKinds: Readonly<Record<TriggerKindName, TriggerKind>> = {
  event: eventTrigger,
  manual: manualTrigger,
  'contact-created': contactCreatedTrigger,
  'tag-added': tagAddedTrigger,
}

export const isStepKind = (kind: string): kind is StepKindName => Object.hasOwn(stepKinds, kind)
export const isTriggerKind = (kind: string): kind is TriggerKindName => Object.hasOwn(triggerKinds, kind)

/** The kind of a step, or null when a document of a later time or a typing error names one we do not know. */
export const stepKindOf = (kind: string): StepKind | null => (isStepKind(kind) ? stepKinds[kind] : null)
export const triggerKindOf = (kind: string): TriggerKind | null => (isTriggerKind(kind) ? triggerKinds[kind] : null)

/** Every way out of a step; none for an unknown kind. */
export const outsOf = (step: DrawnStep): readonly Out[] => stepKindOf(step.kind)?.outs(step) ?? []
