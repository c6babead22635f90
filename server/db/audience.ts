/**
 * The one compiler from a condition to SQL: counts, previews and "Add people" run the same query, and it answers what
 * shared/condition/evaluate.ts answers for a contact outside any workflow (a property test compares them). Kinds of values differ
 * between contacts (a number may be text), so values are compared through the functions of value-functions.ts.
 */
import { type Expression, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import { assertNever } from '../../shared/assert-never.ts'
import type {
  AttributeCondition,
  Condition,
  ConditionValue,
  EventCondition,
  MessageCondition,
  Operator,
} from '../../shared/condition/schema.ts'
import { instantOf, isEntryValue, numberOf } from '../../shared/condition/values.ts'
import type { Json } from '../../shared/json.ts'
import { durationOf } from '../../shared/time/duration.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { addDuration } from '../../shared/time/zones.ts'
import type { MessageClass } from '../../shared/workflow/document.ts'
import {
  jsonArrayHas,
  jsonIsArray,
  jsonLiteral,
  jsonMember,
  jsonMemberText,
  jsonOfText,
  textContains,
  textStartsWith,
} from './dialect.ts'
import type { DialectName, Source } from './open.ts'
import type { Database } from './schema.ts'

type Sql = RawBuilder<SqlBool>
const TRUE: Sql = sql<SqlBool>`(1 = 1)`
const FALSE: Sql = sql<SqlBool>`(1 = 0)`

/** Ids of the contacts for whom the condition holds; null: everybody. The caller adds order, limit and cursor. */
export function audienceQuery(
  { sql: db, dialect }: Source,
  condition: Condition | null,
  now: Instant,
): SelectQueryBuilder<Database, 'contact', { id: number }> {
  const query = db.selectFrom('contact').select('contact.id')
  return condition === null ? query : query.where(conditionSql(dialect, condition, now))
}

/** Of the audience, those whom a message of this class may reach: what shared/contact/mailable.ts says, in SQL. */
export async function countMailable(
  source: Source,
  condition: Condition | null,
  messageClass: MessageClass,
  now: Instant,
): Promise<number> {
  return countRows(audienceQuery(source, condition, now).where(mailableSql(source.dialect, messageClass)))
}

export function mailableSql(dialect: DialectName, messageClass: MessageClass): Expression<SqlBool> {
  if (messageClass === 'transactional')
    return sql<SqlBool>`(contact.email IS NOT NULL AND contact.suppression <> 'hard')`
  return sql<SqlBool>`(contact.email IS NOT NULL AND contact.suppression = 'none' AND ${consented(dialect, 'marketing')})`
}

const consented = (dialect: DialectName, topic: string): Sql =>
  sql<SqlBool>`(coalesce(${jsonMemberText(dialect, sql`contact.consent`, topic)}, 'unknown') = 'granted')`

/** How many of the rows of a query may get mail of this class. */
export const countOfMailable = (dialect: DialectName, messageClass: MessageClass): RawBuilder<number> =>
  sql<number>`coalesce(sum(CASE WHEN ${mailableSql(dialect, messageClass)} THEN 1 ELSE 0 END), 0)`

/** The condition over a row of `contact`; never NULL, so that `not` turns it round. */
function conditionSql(dialect: DialectName, condition: Condition, now: Instant): Sql {
  return compile(condition, { dialect, now, event: null, depth: 0 })
}

/** `event`: alias of the row whose properties `property` reads. */
type Scope = { dialect: DialectName; now: Instant; event: string | null; depth: number }

function compile(condition: Condition, scope: Scope): Sql {
  if ('all' in condition) return join(condition.all, scope, sql` AND `, TRUE)
  if ('any' in condition) return join(condition.any, scope, sql` OR `, FALSE)
  if ('not' in condition) return sql<SqlBool>`(NOT ${compile(condition.not, scope)})`
  if ('attribute' in condition) return compare(attributeJson(scope.dialect, condition), condition, scope)
  if ('property' in condition) {
    if (scope.event === null) return compare(null, condition, scope)
    return compare(
      jsonMember(scope.dialect, sql.ref(`${scope.event}.properties`), condition.property),
      condition,
      scope,
    )
  }
  if ('event' in condition) return eventSql(condition, scope)
  if ('message' in condition) return messageSql(condition)
  if ('tag' in condition) return jsonArrayHas(scope.dialect, sql`contact.tags`, condition.tag)
  if ('consent' in condition) return consented(scope.dialect, condition.consent)
  return assertNever(condition)
}

function join(parts: readonly Condition[], scope: Scope, glue: RawBuilder<unknown>, empty: Sql): Sql {
  if (parts.length === 0) return empty
  return sql<SqlBool>`(${sql.join(
    parts.map((part) => compile(part, scope)),
    glue,
  )})`
}

/** Contact fields that may be asked for like attributes, as in evaluate.ts. */
const FIELDS: Readonly<Record<string, string>> = {
  email: 'contact.email',
  externalId: 'contact.external_id',
  timezone: 'contact.timezone',
  locale: 'contact.locale',
}

function attributeJson(dialect: DialectName, { attribute }: AttributeCondition): RawBuilder<unknown> {
  const own = jsonMember(dialect, sql`contact.attributes`, attribute)
  const field = Object.hasOwn(FIELDS, attribute) ? FIELDS[attribute] : undefined
  return field === undefined ? own : sql`coalesce(${own}, ${jsonOfText(dialect, sql.ref(field))})`
}

type Comparison = { is: Operator; value?: ConditionValue | undefined }

/** `found` is JSON or NULL; null: nothing can be found there. */
function compare(found: RawBuilder<unknown> | null, { is, value }: Comparison, scope: Scope): Sql {
  if (found === null) return is === 'missing' ? TRUE : FALSE
  const exists = sql<SqlBool>`(coalesce(${found}, 'null') NOT IN ('null', '""'))`
  if (is === 'exists') return exists
  if (is === 'missing') return sql<SqlBool>`(NOT ${exists})`
  // There is no entry event here, so what it would say is missing.
  if (value === undefined || value === null || isEntryValue(value)) return FALSE
  return sql<SqlBool>`(${exists} AND coalesce(${matches(found, is, value as Json, scope)}, FALSE))`
}

function matches(
  found: RawBuilder<unknown>,
  is: Exclude<Operator, 'exists' | 'missing'>,
  value: Json,
  { dialect, now }: Scope,
): RawBuilder<unknown> {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : null
  const json = jsonLiteral(dialect, JSON.stringify(value))
  switch (is) {
    case 'equals':
      return sql`value_equals(${found}, ${json})`
    case 'not-equals':
      return sql`NOT value_equals(${found}, ${json})`
    case 'one-of':
      return Array.isArray(value) ? sql`value_one_of(${found}, ${json})` : FALSE
    case 'contains':
      return sql`CASE WHEN ${jsonIsArray(dialect, found)} THEN value_has(${found}, ${json})
        ELSE ${textContains(dialect, sql`value_text(${found})`, text)} END`
    case 'starts-with':
      return text === null ? FALSE : textStartsWith(dialect, sql`value_text(${found})`, text)
    case 'greater-than':
      return sql`value_number(${found}) > ${numberOf(value)}`
    case 'at-least':
      return sql`value_number(${found}) >= ${numberOf(value)}`
    case 'less-than':
      return sql`value_number(${found}) < ${numberOf(value)}`
    case 'at-most':
      return sql`value_number(${found}) <= ${numberOf(value)}`
    case 'before':
      return sql`value_instant(${found}) < ${instantOf(value)}`
    case 'after':
      return sql`value_instant(${found}) > ${instantOf(value)}`
    case 'within-last':
    case 'within-next':
      return within(found, is, value, now)
    default:
      return assertNever(is)
  }
}

function within(found: RawBuilder<unknown>, is: 'within-last' | 'within-next', value: Json, now: Instant) {
  const duration = typeof value === 'string' ? durationOf(value) : null
  if (duration === null) return FALSE
  const edge = addDuration(now, duration, 'UTC', is === 'within-last' ? -1 : 1)
  return sql`value_instant(${found}) BETWEEN ${Math.min(edge, now)} AND ${Math.max(edge, now)}`
}

function eventSql(condition: EventCondition, scope: Scope): Sql {
  const { atLeast, atMost } = condition.times ?? {}
  const least = atLeast ?? (atMost === undefined ? 1 : 0)
  const from = earliest(condition.within, scope.now)
  // Nobody has entered here: nothing came since, and an unreadable duration reaches nothing.
  if (from === null) return least <= 0 ? TRUE : FALSE
  const alias = `event${scope.depth}`
  const row = sql.ref(alias)
  const { where } = condition
  const inner =
    where === undefined || where === null ? TRUE : compile(where, { ...scope, event: alias, depth: scope.depth + 1 })
  const matching = sql`FROM event AS ${row} WHERE ${row}.part = contact.part AND ${row}.contact_id = contact.id
    AND ${row}.name = ${condition.event} AND ${row}.occurred_at >= ${from} AND ${inner}`
  if (least === 1 && atMost === undefined) return sql<SqlBool>`EXISTS (SELECT 1 ${matching})`
  const count = sql`(SELECT count(*) ${matching})`
  if (atMost === undefined) return sql<SqlBool>`(${count} >= ${least})`
  return sql<SqlBool>`(${count} BETWEEN ${least} AND ${atMost})`
}

/** Null: no event can count. */
function earliest(within: string | undefined, now: Instant): Instant | null {
  if (within === undefined) return Number.MIN_SAFE_INTEGER
  if (within === 'since-entry') return null
  const duration = durationOf(within)
  return duration === null ? null : addDuration(now, duration, 'UTC', -1)
}

/** Outside a workflow: any email under that key that this contact got from any workflow. */
function messageSql({ message, did, machine }: MessageCondition): Sql {
  if (did === 'sent') {
    return sql<SqlBool>`EXISTS (SELECT 1 FROM message WHERE message.part = contact.part AND message.contact_id = contact.id
      AND message.enrollment_id IS NOT NULL AND message.email_key = ${message} AND message.status = 'sent')`
  }
  return sql<SqlBool>`EXISTS (SELECT 1 FROM message_event WHERE message_event.part = contact.part
    AND message_event.contact_id = contact.id AND message_event.enrollment_id IS NOT NULL
    AND message_event.email_key = ${message} AND message_event.kind = ${did} AND message_event.held_until IS NULL
    AND (message_event.machine = 0 OR ${machine === true ? 1 : 0} = 1))`
}

async function countRows(query: SelectQueryBuilder<Database, 'contact', { id: number }>): Promise<number> {
  const row = await query
    .clearSelect()
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
