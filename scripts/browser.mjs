// Finds a Chromium for the browser tests; installs one when there is none.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

export const CHROMIUM_FLAGS = [
  '--no-sandbox', // Chromium refuses to run as root otherwise, and CI often is root
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const INSTALLED_BY_SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Where the browser is; undefined: Playwright's own download. `CHROMIUM_PATH` wins. */
export function browserPath() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  if (existsSync(chromium.executablePath())) return undefined
  return INSTALLED_BY_SYSTEM.find((path) => existsSync(path))
}

const hasBrowser = () => existsSync(browserPath() ?? chromium.executablePath())

/** @returns {boolean} whether there is a browser now */
export function ensureBrowser() {
  if (hasBrowser()) return true
  if (isDebianRoot()) installFromDebian('chromium')
  if (!hasBrowser()) installs('npx', ['playwright', 'install', 'chromium'])
  return hasBrowser()
}

/** Letters as most people see them, Chinese ones too, where this process may install them; else pictures use what is there. */
export function ensureFonts() {
  const isThere = ['liberation', 'opentype/noto'].every((folder) =>
    [`/usr/share/fonts/truetype/${folder}`, `/usr/share/fonts/${folder}`].some((path) => existsSync(path)),
  )
  if (!isThere && isDebianRoot()) installFromDebian('fonts-liberation', 'fonts-noto-cjk')
}

const isDebianRoot = () => process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

function installFromDebian(/** @type {string[]} */ ...packages) {
  const arguments_ = ['install', '-y', '--no-install-recommends', ...packages]
  if (installs('apt-get', arguments_)) return
  installs('apt-get', ['update']) // package lists too old, or none yet
  installs('apt-get', arguments_)
}

function installs(/** @type {string} */ command, /** @type {string[]} */ arguments_) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, arguments_, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!ensureBrowser()) {
    console.error(
      'No Chromium: install one (apt-get install chromium, or npx playwright install chromium) or set CHROMIUM_PATH.',
    )
    process.exit(1)
  }
  console.log(`Browser: ${browserPath() ?? chromium.executablePath()}`)
}
