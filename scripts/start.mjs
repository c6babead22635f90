// `npm start`: from a fresh clone to a running product. Installs and builds what is missing, then becomes the server.
import { pathToFileURL } from 'node:url'
import { install } from './install.mjs'
import { ROOT, run } from './run.mjs'
import { isBuilt } from './sources.mjs'

const problem = await install()
if (problem !== null) {
  console.error(problem)
  process.exit(1)
}
if (!isBuilt()) {
  console.log('Building …')
  const code = await run(process.execPath, ['scripts/build.mjs'])
  if (code !== 0) {
    console.error(`The build failed (exit code ${code}); the lines above say why.`)
    process.exit(1)
  }
}
// The server takes over this very process: one process to signal, to kill and to watch, none in between.
const main = `${ROOT}dist/server/main.js`
process.argv[1] = main
process.env.NODE_ENV ??= 'production'
await import(pathToFileURL(main).href)
