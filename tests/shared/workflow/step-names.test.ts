import { describe, expect, test } from 'vitest'
import { steps } from '../../../shared/locales/en/steps.ts'
import { words } from '../../../shared/locales/en/words.ts'
import { nameOfStep, plainLiquid } from '../../../shared/workflow/step-names.ts'

/** As i18next does: namespace, path, plural, values. */
function say(key: string, values: Record<string, string | number> = {}): string {
  const [namespace, path = ''] = key.split(':')
  const find = (name: string) =>
    name
      .split('.')
      .reduce<unknown>(
        (at, part) => (at as Record<string, unknown> | undefined)?.[part],
        { steps, words }[namespace ?? ''],
      )
  const found = find(path) ?? find(`${path}_${values.count === 1 ? 'one' : 'other'}`)
  return String(found ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))
}

describe('a step without a title is called what it does', () => {
  test.each([
    [{ kind: 'wait', for: 'P2D' }, 'Wait 2 days'],
    [{ kind: 'wait', for: 'PT90M' }, 'Wait 1 hour and 30 minutes'],
    [{ kind: 'wait', for: '' }, 'Wait no time yet'],
    [{ kind: 'wait', for: 'P0D' }, 'Wait no time yet'],
    [{ kind: 'wait', until: { at: '2026-12-24T09:00:00' } }, 'Wait until 2026-12-24 09:00'],
    [{ kind: 'wait', until: { time: '09:00', days: ['tue', 'thu'] } }, 'Until Tue or Thu, 09:00'],
    [{ kind: 'wait', until: { time: '09:00', days: [], after: 'P5D' } }, '5 days, then at 09:00'],
    [{ kind: 'wait', until: { attribute: 'birthday', offset: '-P7D' } }, '1 week before birthday'],
    [{ kind: 'wait-until', paths: [{ label: 'Ordered' }], timeout: { after: 'P9D' } }, 'Until Ordered, or 9 days'],
    [{ kind: 'branch', paths: [{ label: 'VIP' }] }, 'VIP?'],
    [{ kind: 'branch', paths: [] }, 'Which way?'],
    [{ kind: 'exit', reason: 'no interest' }, 'no interest'],
    [{ kind: 'send-email', email: 'hello' }, 'Welcome, first name'],
    [{ kind: 'send-email', email: 'gone' }, 'Untitled email'],
    [{ kind: 'wait', for: 'P2D', title: 'Breathe' }, 'Breathe'],
  ])('%o: %s', (step, name) => {
    const emails = { hello: { subject: 'Welcome, {{ contact.first_name | default: "friend" }}', mjml: '' } }
    expect(nameOfStep(step, say, emails)).toBe(name)
  })
  test('a template reads by the names of its values', () => {
    expect(plainLiquid('{% if x %}Hi {{ contact.first_name }}{% endif %}')).toBe('Hi first name')
  })
})
