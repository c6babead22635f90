/** Writes values and tags of the contact, as PUT /contacts does: what waits for them, and what they trigger, follows at once. */
import { z } from 'zod'
import { fitsType } from '../../contact/values.ts'
import { asStepId } from '../../ids.ts'
import { isZone } from '../../time/zones.ts'
import { isRecord, listOf, show, titleOf } from '../draft.ts'
import { arrowProblems, error, type Place, schemaProblems, under } from '../findings.ts'
import type { KindContext, StepKind } from '../kind.ts'
import type { Problem } from '../problem.ts'
import { type AfterOne, afterOne, stepBase } from '../step-base.ts'

const MOST_VALUES = 50
const LONGEST_VALUE = 1_000
const LIQUID = /\{\{|\{%/
/** Fields that say who somebody is: two people could claim the same. Only the API writes them. */
const IDENTITY: ReadonlySet<string> = new Set(['email', 'externalId'])

const value = z.union([
  z.string().max(LONGEST_VALUE),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ entry: z.string().min(1).max(200) }),
])
const tags = z.array(z.string().min(1).max(100)).max(MOST_VALUES)

const schema = z.strictObject({
  ...stepBase,
  kind: z.literal('update-contact'),
  /** Attributes, `timezone` and `locale`; null deletes. */
  set: z.record(z.string().min(1).max(200), value).default({}),
  addTags: tags.default([]),
  removeTags: tags.default([]),
  next: afterOne.schema,
})

export const updateContact: StepKind & AfterOne = {
  kind: 'update-contact',
  family: 'action',
  schema,
  defaults: () => ({ set: {}, addTags: [], removeTags: [], next: null }),
  ...afterOne.ports,
  takesTime: () => false,
  problems(step, _doc, context) {
    const at = { stepId: step.id, path: context.path }
    const found = [
      ...valueProblems(step.set, under(at, 'set'), context),
      ...tagProblems(step, at),
      ...arrowProblems(step.next, under(at, 'next'), context.stepIds),
    ]
    const all = [...found, ...schemaProblems(schema, step, at, found)]
    if (all.length > 0 || changes(step) > 0) return all
    const message = 'This step changes nothing yet. Set a value, or add or remove a tag.'
    return [error('bad-field', under(at, 'set'), message, { context: 'no-change', field: 'set' })]
  },
  toPlan(step, tools) {
    const { id, set, addTags, removeTags, next } = schema.parse(step)
    return {
      kind: 'update-contact',
      no: tools.no,
      id: asStepId(id),
      title: titleOf(step),
      set: Object.entries(set).map(([key, given]) => ({ key, value: given })),
      addTags,
      removeTags,
      next: tools.next(next),
    }
  },
}

const changes = (step: Readonly<Record<string, unknown>>): number =>
  (isRecord(step.set) ? Object.keys(step.set).length : 0) + listOf(step.addTags).length + listOf(step.removeTags).length

function valueProblems(set: unknown, at: Place, context: KindContext): Problem[] {
  if (!isRecord(set)) return []
  const entries = Object.entries(set)
  if (entries.length > MOST_VALUES) {
    return [error('bad-field', at, `Sets ${entries.length} values; ${MOST_VALUES} are allowed.`, { field: 'set' })]
  }
  return entries.flatMap(([key, given]) => {
    const place = under(at, key)
    if (key.trim() === '') {
      return [error('bad-field', place, 'A value has no attribute to go to. Name one.', { context: 'set-key' })]
    }
    if (IDENTITY.has(key)) {
      const message = `${JSON.stringify(key)} says who somebody is and cannot be set by a workflow. Choose an attribute.`
      return [error('bad-field', place, message, { context: 'set-identity', field: key })]
    }
    if (typeof given === 'string') return textProblems(key, given, place, context)
    return typeProblems(key, given, place, context)
  })
}

function textProblems(key: string, given: string, at: Place, context: KindContext): Problem[] {
  if (LIQUID.test(given)) {
    const message = `The value of ${JSON.stringify(key)} holds Liquid, which is written as it stands. Use { "entry": "…" } for a property of the entry event.`
    return [error('bad-field', at, message, { context: 'set-liquid', field: key })]
  }
  if (given.length > LONGEST_VALUE) {
    const message = `The value of ${JSON.stringify(key)} has ${given.length} characters; ${LONGEST_VALUE} are allowed.`
    return [error('bad-field', at, message, { context: 'set-long', field: key })]
  }
  if (key === 'timezone' && !isZone(given)) {
    const message = `Found ${show(given)}; expected a time zone such as "Asia/Ho_Chi_Minh".`
    return [error('bad-timezone', at, message, { found: given })]
  }
  return typeProblems(key, given, at, context)
}

/** A value written as it stands must fit the declared attribute; one of the entry event is looked at when the person is here. */
function typeProblems(key: string, given: unknown, at: Place, context: KindContext): Problem[] {
  if (isRecord(given) || given === undefined) return []
  if ((key === 'timezone' || key === 'locale') && given !== null && typeof given !== 'string') {
    return [error('wrong-type', at, `Found ${show(given)}; expected a text.`, { context: 'set', attribute: key })]
  }
  const type = Object.hasOwn(context.attributes, key) ? context.attributes[key] : undefined
  const isPlain = given === null || ['string', 'number', 'boolean'].includes(typeof given)
  if (type === undefined || !isPlain || fitsType(plain(given), type)) return []
  const message = `The attribute ${JSON.stringify(key)} holds a ${type}; found ${show(given)}.`
  return [error('wrong-type', at, message, { context: 'set', attribute: key, type })]
}

const plain = (given: unknown): string | number | boolean | null =>
  typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? given : null

function tagProblems(step: Readonly<Record<string, unknown>>, at: Place): Problem[] {
  const removed = new Set(listOf(step.removeTags))
  const both = listOf(step.addTags).find((tag) => removed.has(tag))
  if (both === undefined) return []
  const message = `The tag ${show(both)} is both added and removed. Keep one of the two.`
  return [error('bad-field', under(at, 'removeTags'), message, { context: 'tag-both', tag: String(both) })]
}
