import type { Problem } from '../../shared/workflow/problem.ts'
import type { Translate } from './text.ts'

/** The catalogue's sentence for a problem. */
export const problemText = (problem: Pick<Problem, 'code' | 'params'>, t: Translate): string =>
  t(`problem:${problem.code}`, problem.params ?? {})
