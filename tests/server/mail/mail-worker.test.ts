/** The thread that reads letters, with a stand-in that says how often it was started and hangs when it is asked to compile. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMailCompiler } from '../../../server/mail/compiler.ts'

const PATIENCE_MS = 30_000
let folder: string
let starts: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-worker-'))
  starts = join(folder, 'starts')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const standIn = (onCompile: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { appendFileSync } from 'node:fs'
      import { parentPort } from 'node:worker_threads'
      parentPort.on('message', ({ id, job }) => {
        if (job.kind === 'compile') { ${onCompile} }
        parentPort.postMessage({ id, result: { kind: 'mail', mail: { kind: 'read', headers: [], text: 'read', html: null } } })
      })
      appendFileSync(${JSON.stringify(starts)}, 'x')
      parentPort.postMessage('ready')
    `)}`,
  )
const started = () => readFileSync(starts, 'utf8').length
const email = { subject: 'x', mjml: '<mjml></mjml>' }
const options = { messageClass: 'transactional', postalAddress: '' } as const

test.each([
  ['hung', 'while (true) {}'],
  ['died', 'process.exit(1)'],
])('one that %s is replaced before the next letter comes', { timeout: PATIENCE_MS }, async (_how, onCompile) => {
  const compiler = createMailCompiler({ workerUrl: standIn(onCompile), timeoutMs: 300 })
  expect(await compiler.compile(email, options)).toMatchObject({ ok: false, isGivenUp: true })
  // Nobody has asked for anything since.
  await expect.poll(started, { timeout: PATIENCE_MS }).toBe(2)
  expect(await compiler.read(Buffer.from(''))).toMatchObject({ kind: 'read' })
  expect(started()).toBe(2)
  await compiler.close()
})

test('one that is closed stays closed', { timeout: PATIENCE_MS }, async () => {
  const compiler = createMailCompiler({ workerUrl: standIn('while (true) {}'), timeoutMs: 300 })
  await compiler.read(Buffer.from(''))
  const answer = compiler.compile(email, options)
  await compiler.close()
  expect(await answer).toMatchObject({ ok: false })
  expect(started()).toBe(1)
})
