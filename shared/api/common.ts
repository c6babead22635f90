/** Schemas every resource shares. Ids are decimal strings, instants ISO 8601 UTC strings in the API. */
import { z } from 'zod'
import type { Json } from '../json.ts'

export const apiId = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'expected a decimal id such as "42"')
  .refine((text) => Number.isSafeInteger(Number(text)), 'expected an id below 2^53')
export const isoInstant = z.string()
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})

/** RFC 9457, with the problems listed where there are several. */
export const problemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  /** Also in the header `X-Request-Id` and on each log line of the request. */
  requestId: z.string().optional(),
  problems: z
    .array(
      z.object({
        code: z.string(),
        path: z.string(),
        message: z.string(),
        stepId: z.string().nullable().optional(),
        severity: z.enum(['error', 'warning']).optional(),
        params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      }),
    )
    .optional(),
})
export type ProblemDetails = z.infer<typeof problemDetails>

/** How a contact is named wherever one stands in a request. */
export const contactRef = z.union([
  z.strictObject({ id: apiId }),
  z.strictObject({ email: z.string().min(1).max(320) }),
  z.strictObject({ externalId: z.string().min(1).max(200) }),
])
export type ContactRefBody = z.infer<typeof contactRef>
/**
 * Any JSON. Bodies come out of JSON.parse, so nothing else can stand here; `z.json()` would say the same by walking every value, and its
 * recursion has no end for the OpenAPI generator.
 */
export const jsonValue = z.unknown() as unknown as z.ZodType<Json>
export const jsonObject = z.record(z.string().max(200), jsonValue)
