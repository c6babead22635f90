/** What the engine saw while it decided, in words: `Seen.what` is `<kind>:<name>`, its sentence is `words.seen.<kind>`. */
import type { Json } from '../json.ts'
import type { Seen } from './facts.ts'
import type { Say } from './words.ts'

/** One sentence for one value seen, e.g. "plan was free", "Order placed had happened 2 times". */
export function seenText({ what, value, holds }: Seen, say: Say): string {
  const colon = what.indexOf(':')
  const kind = colon < 0 ? what : what.slice(0, colon)
  const name = what.slice(colon + 1)
  switch (kind) {
    case 'attribute':
    case 'property':
      return say(`seen.${kind}`, { name, value: shown(value, say) })
    case 'event':
      return value === 0 ? say('seen.event-none', { name }) : say('seen.event', { name, count: Number(value) })
    case 'tag':
      return say(value === true ? 'seen.tag-yes' : 'seen.tag-no', { name })
    case 'consent':
      return say('seen.consent', { name, value: say(`consent-status.${String(value)}`) })
    case 'message': {
      const deedAt = name.lastIndexOf(':')
      const deed = say(`deed.${name.slice(deedAt + 1)}`)
      return say(value === true ? 'seen.message-yes' : 'seen.message-no', { name: name.slice(0, deedAt), deed })
    }
    case 'suppression':
      return say('seen.suppression', { value: shown(value, say) })
    case 'set':
      if (!holds) return say('seen.set-left', { name })
      return value === null ? say('seen.set-deleted', { name }) : say('seen.set', { name, value: shown(value, say) })
    case 'add-tag':
    case 'remove-tag':
      return say(`seen.${kind}`, { name })
    case 'history':
      if (name === 'active') return say(value === true ? 'seen.active-yes' : 'seen.active-no')
      return say(`seen.${name}`, { value: shown(value, say) })
    default:
      return `${what}: ${shown(value, say)}`
  }
}

function shown(value: Json, say: Say): string {
  if (value === null || value === '') return say('value.none')
  if (typeof value === 'boolean') return say(value ? 'value.yes' : 'value.no')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
