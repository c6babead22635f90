const STORED_AS = 'perennial.reloaded'
const ONCE_PER_MS = 30_000

/**
 * An update of the server replaces the page's parts; a page opened before asks for parts that are gone. Load it anew, at
 * most every half minute, so that a server that is down does not make the page reload for ever.
 */
export function reloadAfterUpdate(): void {
  addEventListener('vite:preloadError', () => {
    const reloadedAt = Number(sessionStorage.getItem(STORED_AS) ?? 0)
    if (Date.now() - reloadedAt < ONCE_PER_MS) return
    sessionStorage.setItem(STORED_AS, String(Date.now()))
    location.reload()
  })
}
