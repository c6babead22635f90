/** One step of the schema: statements per dialect, run once, in order. */
export type Migration = { name: string; sqlite: readonly string[] }
