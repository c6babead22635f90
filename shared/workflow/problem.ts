/** What is wrong with a document, as values: an error stops publishing, a warning does not. The sentence is in the catalogues under `problem.<code>`. */
export const PROBLEM_CODES = [
  'no-trigger',
  'no-start',
  'no-steps',
  'unknown-kind',
  'bad-field',
  'unknown-step',
  'duplicate-step',
  'unknown-email',
  'no-email',
  'too-many-emails',
  'no-subject',
  'bad-liquid',
  'bad-mjml',
  'no-unsubscribe',
  'no-postal-address',
  'bad-duration',
  'duration-out-of-range',
  'bad-timezone',
  'bad-condition',
  'condition-too-large',
  'bad-operator',
  'wrong-type',
  'loop-without-wait',
  'no-timeout',
  'no-paths',
  'unreachable',
  'trailing-wait',
  'variable-without-fallback',
  'no-sender',
  'bad-settings',
  'example-link',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

export type Problem = {
  code: ProblemCode
  severity: 'error' | 'warning'
  /** The step it belongs to, or null for the workflow as a whole. */
  stepId: string | null
  /** Where in the document, e.g. `steps/2/for` or `emails/hello/subject`. */
  path: string
  /** English, names the value found and what is expected. */
  message: string
  /** What the catalogue's sentence interpolates. */
  params?: Readonly<Record<string, string | number>>
}
