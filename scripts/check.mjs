// `npm run check`: format, lint, types, house rules. Everything is run, also after a failure.
import { pathToFileURL } from 'node:url'
import { run } from './run.mjs'

/** @returns {Promise<string[]>} names of the checks that failed */
export async function check() {
  const failed = []
  for (const { name, command, args } of [
    { name: 'format and lint', command: 'biome', args: ['check', '.'] },
    { name: 'types', command: 'tsc', args: ['--noEmit'] },
  ]) {
    console.log(`\n${name}`)
    if ((await run(command, args, { timeoutMs: 180_000 })) !== 0) failed.push(name)
  }
  return failed
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const failed = await check()
  if ((await run('vitest', ['run', 'tests/house.test.ts'])) !== 0) failed.push('house')
  console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`)
  process.exit(failed.length === 0 ? 0 : 1)
}
