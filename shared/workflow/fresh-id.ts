/** Ids for new steps, triggers, paths and emails. Randomness is passed in; an id is readable and does not come twice. */

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'

/**
 * An id such as `wait-k3f9x`, not among `taken`. Random rather than counted: a step removed yesterday may still have people,
 * and its id must not come back for another step.
 *
 * @param random a number from 0 up to 1, as from `Math.random`
 */
export function freshId(base: string, taken: ReadonlySet<string>, random: () => number): string {
  const stem = base.replace(/-[a-z2-9]{5}$/, '').slice(0, 50)
  for (let attempt = 0; ; attempt += 1) {
    const tail = Array.from({ length: 5 }, () => LETTERS[Math.floor(random() * LETTERS.length)] ?? 'a').join('')
    const id = `${stem}-${tail}${attempt < 5 ? '' : attempt}` // a poor `random` still ends
    if (!taken.has(id)) return id
  }
}
