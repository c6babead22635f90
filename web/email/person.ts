/** Somebody the preview can be shown as. */
export type Person = { id: string; name: string }
