/**
 * The one call into MJML. It costs 22 to 313 ms of CPU and may hang on hostile input, so only the worker of compiler.ts makes it; and it
 * takes 47 MB of memory, so it is loaded where it is first called, not where it could be.
 */

export type MjmlFinding = { line: number | null; tag: string; message: string }
export type MjmlResult = { ok: true; html: string; findings: MjmlFinding[] } | { ok: false; message: string }

/** Never throws for what the source may contain. No file is read (`mj-include` is ignored) and no font is fetched. */
export async function runMjml(source: string): Promise<MjmlResult> {
  try {
    const { default: mjml2html } = await import('mjml')
    const { html, errors } = await mjml2html(source, {
      validationLevel: 'soft',
      fonts: {},
      ignoreIncludes: true,
    })
    return { ok: true, html, findings: errors.map(({ line, tagName, message }) => ({ line, tag: tagName, message })) }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}
