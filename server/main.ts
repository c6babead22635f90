/** The recipe: read the environment, listen, start the threads, build the app, answer; and stop all of it cleanly. The only place that wires. */
import type { Logger } from 'pino'
import { parseSmtpUrl } from '../shared/message/smtp-url.ts'
import { type App, createApp } from './app.ts'
import { connectCommands } from './commands/remote.ts'
import { type Config, ConfigError, loadConfig, splitMailFrom } from './config.ts'
import { openDatabase } from './db/open.ts'
import { readStats } from './insights/stats.ts'
import { readStepPeople } from './insights/step-people.ts'
import { createMailCompiler } from './mail/compiler.ts'
import { dkimTools } from './mail/dkim-tools.ts'
import { ACCOUNT_PURPOSE, sealer } from './mail/secrets.ts'
import { testConnection } from './mail/test-connection.ts'
import { type Door, openDoor } from './ops/door.ts'
import { applyMailEnvironment } from './ops/environment.ts'
import { type StatsHints, statsHints } from './ops/hints.ts'
import { createLog } from './ops/log.ts'
import { type ThreadReports, threadReports } from './ops/thread-reports.ts'
import { isUpload } from './routes/guard.ts'
import { requestFields } from './routes/request-id.ts'
import { startMeter } from './threads/meter.ts'
import { MissingBuild, startThreads, type Threads, threadUrl } from './threads/start.ts'
import { signer } from './tracking/tokens.ts'

const VERSION = '0.1.0'
/** Longer than the sender's own grace for what is on the wire. */
const STOP_WITHIN_MS = 14_000
const THREADS = new URL('./threads/', import.meta.url)

async function main(): Promise<void> {
  const given = loadConfig(process.env)
  const log = createLog({ level: given.logLevel, secrets: secretsOf(given), fields: requestFields })
  const door = await doorOf(given)
  const config = withRealPort(given, door.port)
  let stop: (() => Promise<void>) | null = null
  onSignal(log, async () => {
    door.close()
    // Before the threads are up there is nothing to finish: recovery does the rest.
    await stop?.()
  })
  const hints = statsHints()
  const reports = threadReports(() => Date.now())
  const threads = await startThreads({
    folder: THREADS,
    config,
    version: VERSION,
    log,
    onStandby: () => door.wait('standing by'),
    onStats: (workflowId) => hints.changed(workflowId),
    onReport: reports.heard,
    // A half-dead process is worse than a dead one: the next start recovers.
    onCrash: (thread, error) => {
      log.fatal({ err: error, thread }, 'a thread ended; the process stops and the next start recovers')
      process.exit(1)
    },
  })
  const product = await productOf({ config, threads, hints, reports, log })
  stop = product.stop
  await product.app.resumeImports()
  door.open(product.app.fetch)
  process.stdout.write(`Perennial is ready: ${config.publicUrl}\n`)
}

type Parts = { config: Config; threads: Threads; hints: StatsHints; reports: ThreadReports; log: Logger }

async function productOf({
  config,
  threads,
  hints,
  reports,
  log,
}: Parts): Promise<{ app: App; stop(): Promise<void> }> {
  const now = () => Date.now()
  const db = await openDatabase(config.databaseUrl, { readonly: true })
  const commands = connectCommands(threads.commandPort)
  const seals = sealer(config.secretKeys, ACCOUNT_PURPOSE)
  const compiler = createMailCompiler({ workerUrl: threadUrl(THREADS, 'mjml') })
  const mailFrom = config.mailFrom === null ? null : splitMailFrom(config.mailFrom)
  await applyMailEnvironment({ db, commands, sealer: seals }, { ...config, mailFrom })
  const app = createApp({
    db,
    openReader: () => openDatabase(config.databaseUrl, { readonly: true }),
    commands,
    config,
    now,
    compiler,
    testConnection,
    dkim: dkimTools(config.secretKeys),
    signer: signer(config.secretKeys),
    sealer: seals,
    hints,
    insights: {
      stats: (id, range) => readStats(db, id, range, now()),
      stepPeople: (id, stepId, filter) => readStepPeople(db, id, stepId, filter),
    },
    log,
    webDir: new URL('../web/', import.meta.url).pathname,
    process: { reports, ticks: () => performance.now() },
    readImportFile: threads.readImportFile,
  })
  const stopMeter = startMeter((report) => reports.heard('main', report))
  return {
    app,
    async stop() {
      stopMeter()
      await threads.stop()
      await compiler.close()
      await db.close()
    },
  }
}

async function doorOf({ host, port }: Config): Promise<Door> {
  try {
    return await openDoor({ host, port, isUpload })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new ConfigError([`PORT is "${port}" on HOST "${host}"; expected a port that is free to use (${code}).`])
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new ConfigError([`HOST is ${JSON.stringify(host)}; expected an address of this machine (${code}).`])
    throw error
  }
}

/** What no line of the log may hold, whoever says it. */
function secretsOf({ secretKeys, apiKey, smtpUrl }: Config): string[] {
  const smtp = smtpUrl === null ? null : parseSmtpUrl(smtpUrl)
  const password = smtp?.ok === true ? smtp.account.password : null
  return [...secretKeys, apiKey, smtpUrl, password].filter((secret) => secret !== null)
}

/** PORT=0 is any free port; links in mail need to know which. */
const withRealPort = (config: Config, port: number): Config =>
  config.port === 0 ? { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) } : config

/** SIGTERM and SIGINT stop once, cleanly, and in bounded time. */
function onSignal(log: Logger, stop: () => Promise<void>): void {
  let isStopping = false
  const once = async (signal: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => {
      log.error({}, `the stop took longer than ${STOP_WITHIN_MS} ms; the next start recovers what was on the wire`)
      process.exit(1)
    }, STOP_WITHIN_MS).unref()
    await stop()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void once(signal))
}

main().catch((error: unknown) => {
  const isExpected = error instanceof ConfigError || error instanceof MissingBuild
  process.stderr.write(
    `${isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(1)
})
