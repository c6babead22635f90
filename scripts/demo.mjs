// Fills a running product with a demo through its own API: an owner, people, a workflow that has run, mails opened and clicked.
import { API_KEY, apiOf, sleep } from './product.mjs'

export const OWNER = { email: 'mai@maydaygarden.example', password: 'a-long-demo-password', name: 'Mai Tran' }

const FIRST = [
  'An',
  'Bao',
  'Chen',
  'Duong',
  'Elena',
  'Farid',
  'Giang',
  'Hanna',
  'Ines',
  'Jun',
  'Kim',
  'Linh',
  'Marta',
  'Nam',
  'Olga',
  'Phuc',
]
const LAST = ['Nguyen', 'Tran', 'Wang', 'Becker', 'Rossi', 'Le', 'Dubois', 'Novak', 'Pham', 'Li', 'Silva', 'Hoang']
const CITIES = [
  ['Hanoi', 'Asia/Ho_Chi_Minh'],
  ['Berlin', 'Europe/Berlin'],
  ['Taipei', 'Asia/Taipei'],
  ['Lyon', 'Europe/Paris'],
]
const PEOPLE = 180

/**
 * @param {string} url of the product
 * @param {{ toTheEnd?: boolean }} [options] `toTheEnd` waits until nearly everybody of the first version has gone all the way
 * @returns {Promise<{ workflowId: string, contactId: string, cookie: string }>}
 */
export async function fillDemo(url, { toTheEnd = false } = {}) {
  const cookie = await setUp(url)
  const api = apiOf(url)
  await importPeople(api, 0, PEOPLE)
  const { id } = await api('POST', '/api/v1/workflows', { recipe: 'welcome' })
  // Version 1 runs in seconds, so that the later steps have numbers too; version 2 is the recipe as it is.
  await publishWith(api, id, { settle: 'PT1S', breath: 'PT1S', days: 'PT2S', think: 'PT1S' }, 'PT12S')
  await addEverybody(api, id)
  const hasRun = async () => {
    const { totals } = await api('GET', `/api/v1/workflows/${id}/stats`)
    return totals.entered === PEOPLE && (!toTheEnd || totals.waiting < PEOPLE / 10)
  }
  await until(hasRun, 90_000, () => readMail(url, api))
  await publishWith(api, id, { settle: 'P2D', breath: 'P1D', days: 'P4D', think: 'P1D' }, 'P3D')
  await importPeople(api, PEOPLE, PEOPLE + 64)
  await addEverybody(api, id)
  await until(
    async () => (await api('GET', '/api/v1/status')).queued === 0,
    30_000,
    () => sleep(200),
  )
  await sleep(READS_AFTER_MS + 500)
  await readMail(url, api)
  await api('POST', '/api/v1/workflows', { recipe: 'welcome', name: 'Spring sale' })
  const { items } = await api('GET', '/api/v1/contacts?q=person0')
  return { workflowId: id, contactId: items[0].id, cookie }
}

/** More people, to whom the server that is connected now does not answer. */
export async function addUncertain(/** @type {string} */ url, /** @type {string} */ workflowId) {
  const api = apiOf(url)
  await importPeople(api, PEOPLE + 64, PEOPLE + 69)
  await addEverybody(api, workflowId)
  await until(
    async () => ((await api('GET', '/api/v1/messages?limit=1')).counts.uncertain ?? 0) >= 3,
    60_000,
    () => sleep(200),
  )
}

/** @returns {Promise<string>} the session cookie */
async function setUp(/** @type {string} */ url) {
  const response = await fetch(`${url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({
      ...OWNER,
      workspace: 'Mayday Garden',
      senderName: 'Mai of Mayday Garden',
      senderEmail: 'hello@maydaygarden.example',
      postalAddress: 'Mayday Garden, 12 Seed Lane, Hanoi',
      timezone: 'Asia/Ho_Chi_Minh',
      locale: 'en',
    }),
  })
  if (!response.ok) throw new Error(`setup: ${response.status} ${await response.text()}`)
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

async function importPeople(/** @type {Api} */ api, /** @type {number} */ from, /** @type {number} */ to) {
  const rows = Array.from({ length: to - from }, (_, n) => from + n).map((n) => {
    const [city, zone] = CITIES[n % CITIES.length] ?? []
    const [first, last] = [FIRST[n % FIRST.length], LAST[(n * 7) % LAST.length]]
    return `person${n}@example.com,${first},${last},${city},${zone},${n % 3 === 0 ? 'pro' : 'free'},${n % 5 === 0 ? 'newsletter' : ''}`
  })
  const csv = ['email,first_name,last_name,city,timezone,plan,tags', ...rows].join('\n')
  const path = '/api/v1/contacts/import?consent=granted&consentSource=sign-up%20form&fileName=customers.csv'
  const { importId } = await api('POST', path, csv)
  await until(
    async () => (await api('GET', `/api/v1/imports/${importId}`)).status !== 'running',
    30_000,
    () => sleep(100),
  )
}

/** Publish the draft with other waits. */
async function publishWith(
  /** @type {Api} */ api,
  /** @type {string} */ id,
  /** @type {Record<string, string>} */ waits,
  /** @type {string} */ timeout,
) {
  const { draft, revision } = await api('GET', `/api/v1/workflows/${id}`)
  for (const step of draft.steps) {
    if (waits[step.id] !== undefined) step.for = waits[step.id]
    if (step.kind === 'wait-until') step.timeout.after = timeout
  }
  await api('PUT', `/api/v1/workflows/${id}/draft`, draft, { 'if-match': `"${revision}"` })
  await api('POST', `/api/v1/workflows/${id}/publish`, {})
}

const addEverybody = (/** @type {Api} */ api, /** @type {string} */ id) =>
  api('POST', `/api/v1/workflows/${id}/enrollments`, { audience: null })

/** Open two mails of three and click a link in every fifth, as a browser would. */
async function readMail(/** @type {string} */ url, /** @type {Api} */ api) {
  const { items } = await api('GET', '/api/v1/inbox?limit=200')
  for (const [n, mail] of items.entries()) {
    if (readAlready.has(mail.id)) continue
    if (Date.now() - Date.parse(mail.receivedAt) < READS_AFTER_MS) continue
    readAlready.add(mail.id)
    if (n % 3 === 0) continue
    const response = await fetch(`${url}/api/v1/inbox/${mail.id}/raw`, {
      headers: { authorization: `Bearer ${API_KEY}` },
    })
    const raw = (await response.text()).replace(/=\r?\n/g, '').replaceAll('=3D', '=')
    const visit = async (/** @type {RegExp} */ pattern) => {
      const [found] = pattern.exec(raw) ?? []
      if (found !== undefined) await fetch(found, { redirect: 'manual', headers: { 'user-agent': BROWSER } })
    }
    await visit(/http:\/\/[^"\s<>]+\/t\/o\/[\w.-]+/)
    if (n % 5 === 1) await visit(/http:\/\/[^"\s<>]+\/t\/c\/[\w.-]+/)
  }
  await sleep(300)
}
/** @type {Set<string>} */
const readAlready = new Set()
/** Whoever is faster is taken for a scanner. */
const READS_AFTER_MS = 3_500
const BROWSER =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15'

async function until(
  /** @type {() => Promise<boolean>} */ isTrue,
  /** @type {number} */ withinMs,
  /** @type {() => Promise<unknown>} */ meanwhile,
) {
  const giveUpAt = Date.now() + withinMs
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) throw new Error(`not so within ${withinMs} ms: ${isTrue}`)
    await meanwhile()
  }
}

/** @typedef {ReturnType<typeof apiOf>} Api */
