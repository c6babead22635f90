/**
 * Outputs that begin with a path, such as `{{ contact.first_name | default: "there" }}`, evaluated with three generators of the library
 * instead of a dozen: most outputs of most mails, and what Liquid costs is mostly generators. Scopes, properties and filters are the
 * library's own; an output of another shape is left to it, and a property test holds both to the same answer.
 */
import { type Context, type Output, TypeGuards, toValue, toValueSync } from 'liquidjs'

/** @returns null when this output begins with anything but a path that is written out */
export function quickOutput({ value }: Output): ((context: Context) => unknown) | null {
  const [token, ...operators] = value.initial.postfix
  if (operators.length > 0 || token === undefined || !TypeGuards.isPropertyAccessToken(token)) return null
  // Set only where a literal is read from, as in `"text".size`.
  if (token.variable !== undefined) return null
  const path: (string | number)[] = []
  for (const prop of token.props) {
    const key: unknown = 'content' in prop ? prop.content : null
    if (typeof key !== 'string' && typeof key !== 'number') return null
    path.push(key)
  }
  const { filters } = value
  return (context) => {
    let found: unknown = context.getSync(path)
    for (const filter of filters) found = toValueSync(filter.render(found, context))
    return toValue(found)
  }
}
