/** The built interface, read once at start: a few files, served from memory. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { type Context, Hono } from 'hono'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}
type File = { body: Buffer; type: string; cache: string }

/** Vite puts a hash of the content into the names under assets/: they never change. */
const cacheOf = (path: string): string =>
  path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'

function filesIn(folder: string): ReadonlyMap<string, File> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return new Map(
    paths
      .filter((path) => statSync(path).isFile())
      .map((path) => {
        const name = `/${relative(folder, path).split(sep).join('/')}`
        const type = TYPES[extname(path)] ?? 'application/octet-stream'
        return [name, { body: readFileSync(path), type, cache: cacheOf(name) }] as const
      }),
  )
}

/** Every address that is no file is a page of the interface: index.html, and its router does the rest. */
export function staticRoutes(folder: string) {
  const files = filesIn(folder)
  const index = files.get('/index.html')
  const answer = (c: Context, { body, type, cache }: File) =>
    new Response(c.req.method === 'HEAD' ? null : Uint8Array.from(body), {
      headers: { 'content-type': type, 'cache-control': cache },
    })
  return new Hono().get('*', (c, next) => {
    const file = files.get(c.req.path)
    if (file !== undefined) return answer(c, file)
    const isPage = !/^\/(api|assets|t|u|preview)(\/|$)/.test(c.req.path)
    return isPage && index !== undefined ? answer(c, index) : next()
  })
}
