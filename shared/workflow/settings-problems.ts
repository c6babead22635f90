/** What is wrong with the settings and with who sends. */
import { isZone } from '../time/zones.ts'
import { MESSAGE_CLASSES, type WorkflowDocument } from './document.ts'
import { isBlank, isRecord, show, textOf } from './draft.ts'
import { conditionProblems, durationProblems, error, type Place, under } from './findings.ts'
import type { CheckContext } from './kind.ts'
import type { Problem } from './problem.ts'

export function settingsProblems(doc: WorkflowDocument, context: CheckContext): Problem[] {
  const at: Place = { stepId: null, path: 'settings' }
  const settings: Readonly<Record<string, unknown>> = doc.settings
  const conditionsAt = (field: string) => ({
    ...under(at, field),
    attributes: context.attributes,
    emailKeys: Object.keys(doc.emails),
  })
  return [
    ...messageClassProblems(settings.messageClass, under(at, 'messageClass')),
    ...zoneProblems(settings.timezone, under(at, 'timezone')),
    ...reentryProblems(settings.reentry, under(at, 'reentry')),
    ...concurrencyProblems(settings.concurrency, under(at, 'concurrency')),
    ...conditionProblems(settings.audience, conditionsAt('audience')),
    ...conditionProblems(settings.exitWhen, conditionsAt('exitWhen')),
    ...goalProblems(settings.goal, under(at, 'goal'), conditionsAt('goal/when')),
    ...durationProblems(settings.maxLateness, under(at, 'maxLateness'), {
      context: 'lateness',
      message: 'Say how late a message may be before it is skipped, for example "P2D" (2 days).',
    }),
  ]
}

function bad(at: Place, found: unknown, expected: string): Problem {
  const setting = at.path.slice(at.path.lastIndexOf('/') + 1)
  const message = `The setting ${setting} is ${show(found)}; expected ${expected}.`
  return error('bad-settings', at, message, { setting, found: show(found) })
}

function messageClassProblems(value: unknown, at: Place): Problem[] {
  return MESSAGE_CLASSES.some((known) => known === value) ? [] : [bad(at, value, '"marketing" or "transactional"')]
}

function zoneProblems(value: unknown, at: Place): Problem[] {
  if (value === 'workspace' || (typeof value === 'string' && isZone(value))) return []
  const message = `Found ${show(value)}; expected "workspace" or a time zone such as "Asia/Ho_Chi_Minh".`
  return [error('bad-timezone', at, message, { found: typeof value === 'string' ? value : show(value) })]
}

function reentryProblems(value: unknown, at: Place): Problem[] {
  if (value === 'once' || value === 'always' || value === 'after-exit') return []
  if (!isRecord(value) || Object.keys(value).join() !== 'every') {
    return [bad(at, value, '"once", "always", "after-exit" or { "every": "P30D" }')]
  }
  return durationProblems(value.every, under(at, 'every'), {
    context: 'reentry',
    message: 'Say how much time must pass before somebody may enter again, for example "P30D" (30 days).',
  })
}

function concurrencyProblems(value: unknown, at: Place): Problem[] {
  if (value === 'one' || value === 'many') return []
  const isKey = isRecord(value) && Object.keys(value).join() === 'perKey' && textOf(value.perKey) !== null
  return isKey ? [] : [bad(at, value, '"one", "many" or { "perKey": "<property of the event>" }')]
}

function goalProblems(value: unknown, at: Place, conditionAt: Parameters<typeof conditionProblems>[1]): Problem[] {
  if (value === null || value === undefined) return []
  const isShaped = isRecord(value) && Object.keys(value).every((key) => key === 'when' || key === 'within')
  if (!isShaped) return [bad(at, value, 'null or { "when": <condition>, "within": "P5D" }')]
  const within = isBlank(value.within)
    ? []
    : durationProblems(value.within, under(at, 'within'), { context: 'missing', message: '' })
  return [...conditionProblems(value.when, conditionAt, 'Say what reaches the goal.'), ...within]
}

/** Marketing mail needs somebody it comes from and, by law in many countries, a postal address; any other mail a sender, if we know ours. */
export function senderProblems(doc: WorkflowDocument, { sender }: CheckContext): Problem[] {
  if (!doc.steps.some((step) => step.kind === 'send-email')) return []
  const at: Place = { stepId: null, path: 'settings' }
  const isTransactional = doc.settings.messageClass === 'transactional'
  if (sender === null ? !isTransactional : sender.email.trim() === '') {
    const message = 'There is no sender address yet, or no postal address. Set both under Settings > Sending.'
    return [error('no-sender', at, message, { context: sender === null ? 'both' : 'email' })]
  }
  if (isTransactional || sender === null || sender.postalAddress.trim() !== '') return []
  const message = 'Marketing mail must carry a postal address, and there is none yet. Set it under Settings > Sending.'
  return [error('no-sender', at, message, { context: 'postal' })]
}
