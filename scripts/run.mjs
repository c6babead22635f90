// Starts other programs, keeps their output on the terminal and never leaves one behind.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of package.json, with a trailing slash. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url))

/**
 * Run a program in the project's folder and wait for it; nothing is read from standard input.
 *
 * @param {string} command a program, or the name of one in node_modules/.bin
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, timeoutMs?: number }} [options] after `timeoutMs` the whole process group is killed
 * @returns {Promise<number>} the exit code; 124 after a timeout, 127 when the program does not exist
 */
export function run(command, args, { env = {}, timeoutMs } = {}) {
  const path = `${ROOT}node_modules/.bin:${process.env.PATH ?? ''}`
  return new Promise((resolve) => {
    // A group of its own, so that a runner that hangs is killed with its workers and browsers.
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path, ...env },
      detached: true,
    })
    let timedOut = false
    const killGroup = (/** @type {NodeJS.Signals} */ signal) => {
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, signal)
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
      }
    }
    const forward = (/** @type {NodeJS.Signals} */ signal) => killGroup(signal)
    const timer =
      timeoutMs === undefined
        ? null
        : setTimeout(() => {
            timedOut = true
            killGroup('SIGKILL')
          }, timeoutMs)
    for (const signal of SIGNALS) process.on(signal, forward)
    const done = (/** @type {number} */ code) => {
      if (timer !== null) clearTimeout(timer)
      for (const signal of SIGNALS) process.off(signal, forward)
      resolve(code)
    }
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`)
      done(127)
    })
    child.on('exit', (code) => {
      killGroup('SIGKILL') // what the program left running
      done(timedOut ? 124 : (code ?? 1))
    })
  })
}

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
