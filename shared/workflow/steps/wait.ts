/** Waits: for a duration, until a moment, until a time of day, or until some days before or after a date of the contact. */
import { z } from 'zod'
import { assertNever } from '../../assert-never.ts'
import { asStepId } from '../../ids.ts'
import { isBlank, isRecord, show, titleOf } from '../draft.ts'
import { durationOf, parseOffset } from '../durations.ts'
import { arrowProblems, durationProblems, error, type Place, requiredText, schemaProblems, under } from '../findings.ts'
import type { KindContext, StepKind } from '../kind.ts'
import type { WaitRule } from '../plan.ts'
import type { Problem } from '../problem.ts'
import { afterOne, stepBase } from '../step-base.ts'

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d)(:[0-5]\d)?$/
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/
const IF_PAST = ['continue', 'exit'] as const

const until = z.union([
  z.strictObject({ at: z.string() }),
  z.strictObject({ time: z.string(), days: z.array(z.enum(WEEKDAYS)).nullish(), after: z.string().nullish() }),
  z.strictObject({ attribute: z.string(), offset: z.string().nullish(), ifPast: z.enum(IF_PAST).nullish() }),
])
const base = z.strictObject({ ...stepBase, kind: z.literal('wait'), next: afterOne.schema })
const absent = z.null().optional()
const forSchema = base.extend({ for: z.string(), until: absent })
const untilSchema = base.extend({ until, for: absent })
const schema = z.union([forSchema, untilSchema])

/** Which of the four a draft means, judged by the fields it has; null when it does not say. */
export function waitMode(step: { [field: string]: unknown }): WaitRule['kind'] | null {
  const rule = step.until
  if (!isRecord(rule)) return step.for === undefined ? null : 'for'
  if ('at' in rule) return 'at'
  if ('time' in rule) return 'time'
  return 'attribute' in rule ? 'attribute' : null
}

export const wait: StepKind = {
  kind: 'wait',
  family: 'time',
  schema,
  defaults: () => ({ for: 'P2D', next: null }),
  ...afterOne.ports,
  // A moment or a date may be past already: then people go on at once.
  takesTime: (step) => waitMode(step) === 'for' || waitMode(step) === 'time',
  problems(step, _doc, context) {
    const at = { stepId: step.id, path: context.path }
    const found = arrowProblems(step.next, under(at, 'next'), context.stepIds)
    if (!isBlank(step.for) && !isBlank(step.until)) {
      const message = 'Has both "for" and "until". Keep one: a duration, or a moment.'
      found.push(error('bad-field', under(at, 'until'), message, { context: 'wait-both' }))
      return found
    }
    found.push(...ruleProblems(step, at, context))
    if (found.length > 0) return found
    return schemaProblems(isBlank(step.until) ? forSchema : untilSchema, step, at, [])
  },
  toPlan(step, tools) {
    const drawn = schema.parse(step)
    return {
      kind: 'wait',
      no: tools.no,
      id: asStepId(drawn.id),
      title: titleOf(step),
      rule: typeof drawn.for === 'string' ? { kind: 'for', duration: durationOf(drawn.for) } : untilRule(drawn.until),
      next: tools.next(drawn.next),
    }
  },
}

function ruleProblems(step: { [field: string]: unknown }, at: Place, context: KindContext): Problem[] {
  const rule = isRecord(step.until) ? step.until : {}
  const place = under(at, 'until')
  const mode = waitMode(step)
  switch (mode) {
    case 'for':
    case null:
      return step.until === undefined || step.until === null
        ? durationProblems(step.for, under(at, 'for'), {
            context: 'missing',
            message: 'Say how long to wait, for example "P2D" (2 days) or "PT4H" (4 hours).',
          })
        : [
            error('bad-field', place, `Found ${show(step.until)}; expected "at", "time" or "attribute".`, {
              context: 'until',
            }),
          ]
    case 'at':
      return momentProblems(rule.at, under(place, 'at'))
    case 'time':
      return timeProblems(rule, place)
    case 'attribute':
      return attributeProblems(rule, place, context)
    default:
      return assertNever(mode)
  }
}

function momentProblems(value: unknown, at: Place): Problem[] {
  if (typeof value === 'string' && isLocalTime(value)) return []
  const expected = 'a local date and time such as "2026-12-24T09:00"'
  const message = isBlank(value) ? `Say until when: ${expected}.` : `Found ${show(value)}; expected ${expected}.`
  return [error('bad-field', at, message, { context: 'moment', field: 'at' })]
}

function isLocalTime(text: string): boolean {
  const [, year, month, day] = LOCAL_TIME.exec(text) ?? []
  if (year === undefined) return false
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) >= 1970
}

function timeProblems(rule: Readonly<Record<string, unknown>>, at: Place): Problem[] {
  const found: Problem[] = []
  if (typeof rule.time !== 'string' || !TIME_OF_DAY.test(rule.time)) {
    const expected = 'a time of day from "00:00" to "23:59"'
    const message = isBlank(rule.time)
      ? `Say at what time: ${expected}.`
      : `Found ${show(rule.time)}; expected ${expected}.`
    found.push(error('bad-field', under(at, 'time'), message, { context: 'time-of-day', field: 'time' }))
  }
  if (!isBlank(rule.after)) {
    found.push(...durationProblems(rule.after, under(at, 'after'), { context: 'missing', message: '' }))
  }
  const days = rule.days ?? []
  const isWeekday = (day: unknown) => WEEKDAYS.some((known) => known === day)
  if (!Array.isArray(days) || !days.every(isWeekday)) {
    const message = `Found ${show(Array.isArray(days) ? days.find((day) => !isWeekday(day)) : days)}; expected some of ${WEEKDAYS.join(', ')}.`
    found.push(error('bad-field', under(at, 'days'), message, { context: 'weekdays', field: 'days' }))
  }
  return found
}

function attributeProblems(rule: Readonly<Record<string, unknown>>, at: Place, context: KindContext): Problem[] {
  const found = requiredText(rule.attribute, under(at, 'attribute'), {
    context: 'date-attribute',
    missing: 'Choose the attribute that holds the date.',
    max: 200,
  })
  const key = String(rule.attribute)
  const type = Object.hasOwn(context.attributes, key) ? context.attributes[key] : undefined
  if (found.length === 0 && type !== undefined && type !== 'date') {
    const message = `The attribute ${JSON.stringify(key)} holds a ${type}; expected one that holds a date.`
    found.push(error('wrong-type', under(at, 'attribute'), message, { context: 'date', attribute: key, type }))
  }
  if (!isBlank(rule.offset)) found.push(...offsetProblems(rule.offset, under(at, 'offset')))
  if (!isBlank(rule.ifPast) && !IF_PAST.some((known) => known === rule.ifPast)) {
    const message = `Found ${show(rule.ifPast)}; expected "continue" or "exit".`
    found.push(error('bad-field', under(at, 'ifPast'), message, { context: 'if-past', field: 'ifPast' }))
  }
  return found
}

function offsetProblems(value: unknown, at: Place): Problem[] {
  if (typeof value !== 'string') return durationProblems(value, at, { context: 'missing', message: '' })
  const parsed = parseOffset(value)
  return parsed.ok ? [] : [error(parsed.code, at, parsed.message, { found: value })]
}

function untilRule(rule: z.infer<typeof until>): WaitRule {
  if ('at' in rule) return { kind: 'at', local: rule.at.length === 16 ? `${rule.at}:00` : rule.at }
  if ('time' in rule) {
    const [hours, minutes] = rule.time.split(':')
    const days = (rule.days ?? []).map((day) => WEEKDAYS.indexOf(day) + 1)
    return {
      kind: 'time',
      minuteOfDay: Number(hours) * 60 + Number(minutes),
      days: [...new Set(days)].sort((a, b) => a - b),
      after: isBlank(rule.after) ? null : durationOf(rule.after ?? ''),
    }
  }
  const parsed = parseOffset(rule.offset || 'P0D')
  if (!parsed.ok) throw new RangeError(`expected a checked offset, got ${JSON.stringify(rule.offset)}`)
  const { duration, sign } = parsed.offset
  return { kind: 'attribute', attribute: rule.attribute, offset: duration, sign, ifPast: rule.ifPast ?? 'continue' }
}
