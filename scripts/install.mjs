// Brings the dependencies to what package-lock.json says. Plain Node: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ROOT, run } from './run.mjs'

const OLDEST_NODE = [20, 19]

/** @returns {string | null} what is wrong with this Node, or null */
export function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needMajor = 0, needMinor = 0] = OLDEST_NODE
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return null
  return `Perennial needs Node ${OLDEST_NODE.join('.')} or newer; this is ${version}. Install a newer one (nodejs.org, nvm, your package manager) and try again.`
}

/** Whether what npm installed is what the lock asks for: every package, by version; those of other platforms may be absent. */
export function isInstalled(root = ROOT) {
  const installedLock = `${root}node_modules/.package-lock.json`
  if (!existsSync(installedLock)) return false
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = installed[path]
    const mayBeAbsent = entry.optional === true || entry.devOptional === true || entry.extraneous === true
    return found === undefined ? mayBeAbsent : found.version === entry.version
  })
}

/** Why better-sqlite3 cannot be used, or null. Its binary is built or fetched at install, for one Node and one platform. */
function databaseProblem() {
  const probe = "new (require('better-sqlite3'))(':memory:').close()"
  const { status, stderr } = spawnSync(process.execPath, ['-e', probe], { cwd: ROOT, encoding: 'utf8' })
  return status === 0 ? null : stderr
}

/** The build tools better-sqlite3 needs where no prebuilt binary exists, those that this machine lacks. */
export function missingBuildTools(has = canRun) {
  const missing = []
  if (!has('python3') && !has('python')) missing.push('python3')
  if (!has('make') && !has('gmake')) missing.push('make')
  if (!['c++', 'g++', 'clang++'].some(has)) missing.push('a C++ compiler (g++ or clang++)')
  return process.platform === 'win32' ? [] : missing
}
const canRun = (/** @type {string} */ command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0

/** Install what is missing. @returns {Promise<string | null>} what went wrong and what to do, or null */
export async function install() {
  const problem = nodeProblem()
  if (problem !== null) return problem
  if (!isInstalled()) {
    console.log('Installing the dependencies (npm ci); the first time this takes a few minutes …')
    // The interface is built on this machine, so the build tools among the dev dependencies are needed too.
    const code = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])
    if (code !== 0) return installFailure(`npm ci ended with ${code}.`)
  }
  if (databaseProblem() === null) return null
  console.log('Building better-sqlite3 for this Node …')
  await run('npm', ['rebuild', 'better-sqlite3'])
  const still = databaseProblem()
  return still === null ? null : installFailure(`better-sqlite3 does not load: ${firstLine(still)}`)
}

function installFailure(/** @type {string} */ what) {
  const missing = missingBuildTools()
  if (missing.length === 0) return `${what} The lines above say why.`
  const apt = 'On Debian or Ubuntu: apt-get install -y python3 make g++; on macOS: xcode-select --install.'
  return `${what} This machine lacks ${missing.join(', ')}, needed where no prebuilt better-sqlite3 exists. ${apt}`
}

const firstLine = (/** @type {string} */ text) =>
  text.split('\n').find((line) => line.includes('Error')) ?? text.trim().split('\n').at(-1) ?? ''

/** `require` from the project's root, for packages that are there only after install(). */
export const requireFromRoot = createRequire(`${ROOT}package.json`)
