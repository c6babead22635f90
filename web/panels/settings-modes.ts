import type { Concurrency, Reentry } from '../../shared/workflow/document.ts'

/** Which choice a setting stands for; a setting with a detail of its own is named by that detail. */
export function modeOf(setting: unknown, detail: 'every' | 'perKey'): string {
  return typeof setting === 'string'
    ? setting
    : typeof setting === 'object' && setting !== null && detail in setting
      ? detail
      : ''
}

export function reentryOf(mode: string): Reentry {
  if (mode === 'every') return { every: 'P30D' }
  return mode === 'always' || mode === 'after-exit' ? mode : 'once'
}

export function concurrencyOf(mode: string): Concurrency {
  if (mode === 'perKey') return { perKey: '' }
  return mode === 'many' ? 'many' : 'one'
}
