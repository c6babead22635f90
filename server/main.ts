/** The recipe: read the environment, start the threads, build the app, listen; and stop all of it cleanly. The only place that wires. */
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import pino from 'pino'
import { createApp } from './app.ts'
import { connectCommands } from './commands/remote.ts'
import { type Config, ConfigError, loadConfig, splitMailFrom } from './config.ts'
import { openDatabase } from './db/open.ts'
import { readStats } from './insights/stats.ts'
import { readStepPeople } from './insights/step-people.ts'
import { createMailCompiler } from './mail/compile.ts'
import { ACCOUNT_PURPOSE, sealer } from './mail/secrets.ts'
import { testConnection } from './mail/test-connection.ts'
import { applyMailEnvironment } from './ops/environment.ts'
import { statsHints } from './ops/hints.ts'
import { freePort, MissingBuild, startThreads, threadUrl } from './threads/start.ts'
import { signer } from './tracking/tokens.ts'

const VERSION = '0.1.0'
/** Longer than the sender's own grace for what is on the wire. */
const STOP_WITHIN_MS = 14_000

async function main(): Promise<void> {
  const config = await withRealPort(loadConfig(process.env))
  const log = pino({ level: config.logLevel, base: null }, pino.destination(2))
  const now = () => Date.now()
  const hints = statsHints()
  const threads = await startThreads({
    folder: new URL('./threads/', import.meta.url),
    config,
    version: VERSION,
    log,
    onStats: (workflowId) => hints.changed(workflowId),
    // A half-dead process is worse than a dead one: the next start recovers.
    onCrash: (thread, error) => {
      log.fatal({ err: error, thread }, 'a thread ended; the process stops and the next start recovers')
      process.exit(1)
    },
  })
  const db = await openDatabase(config.databaseUrl, { readonly: true })
  const commands = connectCommands(threads.commandPort)
  const seals = sealer(config.secretKeys, ACCOUNT_PURPOSE)
  const compiler = createMailCompiler({ workerUrl: threadUrl(new URL('./threads/', import.meta.url), 'mjml') })
  const mailFrom = config.mailFrom === null ? null : splitMailFrom(config.mailFrom)
  await applyMailEnvironment({ db, commands, sealer: seals }, { ...config, mailFrom })
  const app = createApp({
    db,
    commands,
    config,
    now,
    compiler,
    testConnection,
    signer: signer(config.secretKeys),
    sealer: seals,
    hints,
    insights: {
      stats: (id, range) => readStats(db, id, range, now()),
      stepPeople: (id, stepId, filter) => readStepPeople(db, id, stepId, filter),
    },
    log,
    webDir: new URL('../web/', import.meta.url).pathname,
    waitingFor: threads.waitingFor,
  })
  await app.closeUnfinishedImports()
  const server = await listen(app.fetch, config)
  process.stdout.write(`Perennial is ready: ${config.publicUrl}\n`)

  let isStopping = false
  const stop = async (signal: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => {
      log.error({}, `the stop took longer than ${STOP_WITHIN_MS} ms; the next start recovers what was on the wire`)
      process.exit(1)
    }, STOP_WITHIN_MS).unref()
    server.close()
    server.closeAllConnections()
    await threads.stop()
    await compiler.close()
    await db.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

/** PORT=0 is any free port; links in mail need to know it before anything listens. */
async function withRealPort(config: Config): Promise<Config> {
  if (config.port !== 0) return config
  const port = await freePort(config.host)
  return { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) }
}

function listen(fetch: ReturnType<typeof createApp>['fetch'], { host, port }: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, () => resolve(server as Server))
    server.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? new ConfigError([
              `PORT is "${port}" on HOST "${host}"; expected a port that is free to use (${error.code}).`,
            ])
          : error,
      ),
    )
  })
}

main().catch((error: unknown) => {
  const isExpected = error instanceof ConfigError || error instanceof MissingBuild
  process.stderr.write(
    `${isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(1)
})
