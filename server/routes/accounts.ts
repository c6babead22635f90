/** Sending accounts: where mail goes out, and whether the server there answers. */
import { createRoute, z } from '@hono/zod-openapi'
import { apiId } from '../../shared/api/common.ts'
import { type AccountBody, accountBody } from '../../shared/api/session.ts'
import { connectionTest, sendingAccount } from '../../shared/api/settings.ts'
import { conflict, unprocessable } from '../../shared/errors.ts'
import { type AccountId, accountId } from '../../shared/ids.ts'
import type { Caller } from '../auth/scopes.ts'
import type { AccountSettings } from '../commands/contract.ts'
import { listAccounts } from '../db/queries/accounts.ts'
import { nameOf } from '../db/queries/callers.ts'
import { needs } from './access.ts'
import { accountViews } from './account-views.ts'
import { answers, idParam, jsonBody, router } from './define.ts'
import type { RouteDeps } from './deps.ts'

const accountList = z.object({ items: z.array(sendingAccount) })
const tags = ['Settings']
const list = createRoute({
  method: 'get',
  path: '/sending-accounts',
  tags,
  summary: 'Sending accounts; passwords never come out',
  middleware: [needs('settings:read')],
  responses: answers(accountList, 'All of them'),
})
const create = createRoute({
  method: 'post',
  path: '/sending-accounts',
  tags,
  summary: 'Save a new account; the first SMTP account becomes the default',
  middleware: [needs('settings:write')],
  request: { body: jsonBody(accountBody) },
  responses: answers(sendingAccount, 'Saved', [401, 403, 409, 422], 201),
})
const update = createRoute({
  method: 'put',
  path: '/sending-accounts/{id}',
  tags,
  summary: 'Change an account; a password left out stays',
  middleware: [needs('settings:write')],
  request: { params: idParam(accountId), body: jsonBody(accountBody) },
  responses: answers(sendingAccount, 'Saved', [401, 403, 404, 409, 422]),
})
const test = createRoute({
  method: 'post',
  path: '/sending-accounts/test',
  tags,
  summary: 'Connect, greet, sign in, leave. 200 in every case; `ok` says how it went.',
  middleware: [needs('settings:write')],
  request: { body: jsonBody(accountBody.extend({ id: apiId.optional() })) },
  responses: answers(connectionTest, 'What the server said', [401, 403, 404, 422]),
})
const setStatus = (verb: 'pause' | 'resume') =>
  createRoute({
    method: 'post',
    path: `/sending-accounts/{id}/${verb}`,
    tags,
    summary:
      verb === 'pause'
        ? 'Send nothing through this account for now'
        : 'Send again, after a refused sign-in was put right',
    middleware: [needs('settings:write')],
    request: { params: idParam(accountId) },
    responses: answers(sendingAccount, 'Done', [401, 403, 404]),
  })
const retry = createRoute({
  method: 'post',
  path: '/sending-accounts/{id}/retry',
  tags,
  summary: 'Try the server now instead of at `trouble.retryAt`',
  middleware: [needs('settings:write')],
  request: { params: idParam(accountId) },
  responses: answers(sendingAccount, 'Asked for; what came of it shows in `trouble`', [401, 403, 404]),
})
const pause = setStatus('pause')
const resume = setStatus('resume')

export function accountRoutes(deps: RouteDeps) {
  const { db, commands, sealer } = deps
  const { isOurs, read, show, showAll } = accountViews(deps)
  const switchTo = async (id: AccountId, status: 'active' | 'paused', caller: Caller) => {
    await read(id)
    const reason = status === 'paused' ? 'by-hand' : null
    await commands('set-account-status', { id, status, reason, by: await nameOf(db, caller) })
    return show(id)
  }
  return router()
    .openapi(list, async (c) => c.json({ items: await showAll(await listAccounts(db)) }))
    .openapi(create, async (c) => {
      const settings = accountSettings(c.req.valid('json'), sealer)
      const { id } = await commands('save-account', { id: null, settings })
      return c.json(await show(id), 201)
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid('param')
      if (isOurs(await read(id))) throw conflict('SMTP_URL configures this account; change it there and start again.')
      await commands('save-account', { id, settings: accountSettings(c.req.valid('json'), sealer) })
      return c.json(await show(id))
    })
    .openapi(test, async (c) => {
      const { id, password, host, port, security, username } = c.req.valid('json')
      const saved = id === undefined ? null : await read(Number(id))
      // A saved password goes to the saved server only: another host would be told it.
      const keepsServer = saved !== null && saved.host === host && saved.port === port
      const sealed = password === undefined && keepsServer ? saved.password_sealed : null
      const secret = password || (sealed === null ? null : sealer.open(sealed))
      return c.json(await deps.testConnection({ host, port, security, username, password: secret }))
    })
    .openapi(pause, async (c) => c.json(await switchTo(c.req.valid('param').id, 'paused', c.get('caller'))))
    .openapi(resume, async (c) => c.json(await switchTo(c.req.valid('param').id, 'active', c.get('caller'))))
    .openapi(retry, async (c) => {
      const { id } = c.req.valid('param')
      await commands('retry-account', { id })
      return c.json(await show(id))
    })
}

/** What a form says, as the command takes it: the password sealed, kept when absent, removed when empty. */
export function accountSettings(body: AccountBody, sealer: { seal(text: string): string }): AccountSettings {
  const { password, ...rest } = body
  if (rest.kind === 'smtp' && !/^[A-Za-z0-9.:_-]+$/.test(rest.host))
    throw unprocessable(
      'bad-host',
      `\`host\` is ${JSON.stringify(rest.host)}; expected the name or address of an SMTP server.`,
    )
  const name = rest.name === '' ? rest.host || 'Inbox' : rest.name
  if (password === undefined) return { ...rest, name }
  return { ...rest, name, passwordSealed: password === '' ? null : sealer.seal(password) }
}
