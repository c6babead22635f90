/** Answers on the import screen, before anything is sent. Pure. */
import type { ImportPreview } from '../../../shared/api/contacts.ts'
import type { CheckOptions, ImportOptions, ReadAs } from '../../api/imports.ts'

export type Draft = {
  preview: ImportPreview
  readAs: ReadAs
  /** By position: two columns may have the same header. null: leave out. */
  targets: readonly (string | null)[]
  /** The law asks: nothing is preselected. */
  consent: 'granted' | 'unknown' | null
  consentSource: string
  consentText: string
  startsWorkflows: boolean
}

/** Start from the guesses; answers about consent stay when the file is only read differently. */
export function draftOf(preview: ImportPreview, readAs: ReadAs, before: Draft | null): Draft {
  return {
    preview,
    readAs,
    targets: preview.columns.map(({ guess }) => guess),
    consent: before?.consent ?? null,
    consentSource: before?.consentSource ?? '',
    consentText: before?.consentText ?? '',
    startsWorkflows: before?.startsWorkflows ?? false,
  }
}

export const withTarget = (draft: Draft, index: number, target: string | null): Draft => ({
  ...draft,
  targets: draft.targets.map((before, at) => (at === index ? target : before)),
})

export const mappingOf = ({ preview, targets }: Draft): Record<string, string | null> =>
  Object.fromEntries(preview.columns.map(({ name }, index) => [name, targets[index] ?? null]))

/** Targets that two columns claim; tags may come from several. */
export function targetsTwice({ targets }: Draft): string[] {
  const claimed = targets.filter((target) => target !== null && target !== 'tags')
  return [...new Set(claimed.filter((target, index) => claimed.indexOf(target) !== index))].flatMap((one) => one ?? [])
}

/** What is sent; null while the question of consent is open. */
export function optionsOf(draft: Draft): ImportOptions | null {
  if (draft.consent === null) return null
  const isGranted = draft.consent === 'granted'
  return {
    ...draft.readAs,
    mapping: mappingOf(draft),
    consent: draft.consent,
    ...(isGranted && draft.consentSource.trim() !== '' ? { consentSource: draft.consentSource.trim() } : {}),
    ...(isGranted && draft.consentText.trim() !== '' ? { consentText: draft.consentText.trim() } : {}),
    trigger: draft.startsWorkflows,
  }
}

/** What a check needs to know; null while two columns or none say who a row is. */
export function checkOf(draft: Draft): CheckOptions | null {
  const waits = waitsFor(draft)
  return waits === 'identity' || waits === 'twice' ? null : { ...draft.readAs, mapping: mappingOf(draft) }
}

const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')

/** Why a column got its guess: a header that only differs in case, spaces or marks is the same header. */
export function whyOfGuess({ name, guess, why }: ImportPreview['columns'][number]): string {
  const isSame = guess !== null && bare(guess.replace(/^attributes\./, '')) === bare(name)
  return isSame && why === 'known-word' ? 'same-header' : why
}

/** What stands between the person and the import, in the order it is asked; null when nothing does. */
export function waitsFor(draft: Draft): 'identity' | 'twice' | 'consent' | null {
  if (!draft.targets.some((target) => target === 'email' || target === 'externalId')) return 'identity'
  if (targetsTwice(draft).length > 0) return 'twice'
  return draft.consent === null ? 'consent' : null
}

/** The attribute a column would become under its own header. */
export const attributeOf = (header: string): string =>
  `attributes.${
    header
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '_')
      .replace(/^_+|_+$/g, '') || 'column'
  }`
