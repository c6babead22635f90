// Starts the built product as its own process group, for the tests, benchmarks and pictures that use it from outside.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { ROOT } from './run.mjs'

export const API_KEY = 'pk_test_0123456789abcdefghijklmnopqrstuvwxyz'

/** @returns {Promise<number>} a port that was free a moment ago */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') throw new RangeError('no port in the address')
      server.close(() => resolve(address.port))
    })
  })
}

/**
 * Start the product and wait until it answers.
 *
 * @param {{ dataDir: string, port: number, env?: Record<string, string>, command?: readonly string[], readyWithinMs?: number }} options
 *   `command` defaults to `node dist/server/main.js`
 * @throws Error with the product's output when it ends or is not ready in time
 */
export async function startProduct({ dataDir, port, env = {}, command, readyWithinMs = 30_000 }) {
  const [program = '', ...args] = command ?? [process.execPath, `${ROOT}dist/server/main.js`]
  const url = `http://127.0.0.1:${port}`
  let output = ''
  const child = spawn(program, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutOurs(process.env), ...environment(dataDir, port), ...env },
  })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000)
    })
  /** @type {Promise<{ code: number | null, signal: string | null }>} */
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })))
  let isRunning = true
  ended.then(() => {
    isRunning = false
  })
  const signalGroup = (/** @type {NodeJS.Signals} */ signal) => {
    if (isRunning && child.pid !== undefined) process.kill(-child.pid, signal)
  }
  const product = {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    isRunning: () => isRunning,
    /** SIGKILL of the whole tree, as a crash does. */
    kill: () => {
      signalGroup('SIGKILL')
      return ended
    },
    /** A clean stop of the whole tree (npm dies before what it started); killed when it takes longer than 15 s. */
    stop: async () => {
      signalGroup('SIGTERM')
      const giveUpAt = Date.now() + 15_000
      while (groupIsAlive(child.pid)) {
        if (Date.now() > giveUpAt) {
          process.kill(-(child.pid ?? 0), 'SIGKILL')
          return { code: null, signal: 'SIGKILL' }
        }
        await sleep(50)
      }
      return await ended
    },
  }
  const giveUpAt = Date.now() + readyWithinMs
  while (!(await answers(`${url}/readyz`))) {
    if (!isRunning) throw new Error(`The product ended before it was ready:\n${output}`)
    if (Date.now() > giveUpAt) {
      await product.kill()
      throw new Error(`The product was not ready within ${readyWithinMs} ms:\n${output}`)
    }
    await sleep(50)
  }
  return product
}

/** @typedef {Awaited<ReturnType<typeof startProduct>>} Product */

const OURS =
  /^(SMTP_|DATABASE_URL|DATA_DIR|SECRET_KEY|PERENNIAL_|ROLE$|MAIL_FROM|POSTAL_|PUBLIC_URL|UNCERTAIN_|PORT$|HOST$)/

/** The environment less what would configure a product, so that the developer's own settings do not leak in. */
function withoutOurs(/** @type {NodeJS.ProcessEnv} */ env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name)))
}

/** @returns {Record<string, string>} */
function environment(/** @type {string} */ dataDir, /** @type {number} */ port) {
  return {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DATABASE_URL: `file:${dataDir}/perennial.db`,
    NODE_ENV: 'production',
  }
}

/** What a workspace without a wizard needs: a key, a sender and a postal address. */
export const HEADLESS = {
  PERENNIAL_API_KEY: API_KEY,
  MAIL_FROM: 'Perennial Test <news@perennial.example>',
  POSTAL_ADDRESS: '1 Garden Row, Springfield',
}

export const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function answers(/** @type {string} */ url) {
  try {
    return (await fetch(url)).ok
  } catch (error) {
    if (error instanceof TypeError) return false // nobody listens yet
    throw error
  }
}

/**
 * Call the HTTP API with the key of HEADLESS.
 *
 * @param {string} url base of the product
 * @returns {(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<any>} the parsed answer
 * @throws Error naming call, status and answer when the status is 400 or more
 */
export function apiOf(url) {
  return async (method, path, body, headers = {}) => {
    const isText = typeof body === 'string'
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 2_000)}`)
    return text === '' ? null : JSON.parse(text)
  }
}

function groupIsAlive(/** @type {number | undefined} */ pid) {
  try {
    return pid !== undefined && process.kill(-pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
