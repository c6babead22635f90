/** Set-up, sign-in and sign-out, and the person's own profile. */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import {
  profileBody,
  type SessionState,
  sessionState,
  setupBody,
  signInBody,
  workspace,
  workspaceBody,
} from '../../shared/api/session.ts'
import { parseAddress } from '../../shared/contact/address.ts'
import { conflict, RequestError, unprocessable } from '../../shared/errors.ts'
import { fromColumn, toApiId, type UserId } from '../../shared/ids.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../shared/time/instant.ts'
import { isZone } from '../../shared/time/zones.ts'
import { hashPassword, isPassword, NOBODYS_HASH } from '../auth/password.ts'
import { hashToken, newSessionToken } from '../auth/tokens.ts'
import { findUser, findWorkspace, isSetUp, worstLoginFailures } from '../db/queries/sessions.ts'
import { needs, needsPerson } from './access.ts'
import { accountSettings } from './accounts.ts'
import { answers, answersNothing, jsonBody, noBody, router } from './define.ts'
import { type AppEnv, type RouteDeps, SESSION_COOKIE } from './deps.ts'

const SESSION_MS = 30 * DAY_MS
export const MOST_FAILURES = 10
export const FAILURE_WINDOW_MS = 15 * MINUTE_MS

const readSession = createRoute({
  method: 'get',
  path: '/session',
  tags: ['Session'],
  summary: 'Which screen to show, and to whom. Public.',
  responses: answers(sessionState, 'The state, also without a session', []),
})
const signIn = createRoute({
  method: 'post',
  path: '/session',
  tags: ['Session'],
  summary: 'Sign in. 429 with Retry-After after 10 failures per account or address.',
  request: { body: jsonBody(signInBody) },
  responses: answers(sessionState, 'Signed in; the cookie is set', [401, 403, 422, 429]),
})
const signOut = createRoute({
  method: 'delete',
  path: '/session',
  tags: ['Session'],
  summary: 'Sign out',
  responses: answersNothing('Signed out', [403]),
})
const setUp = createRoute({
  method: 'post',
  path: '/setup',
  tags: ['Session'],
  summary: 'Make the owner and the workspace, once',
  request: { body: jsonBody(setupBody) },
  responses: answers(sessionState, 'Set up and signed in', [403, 409, 422], 201),
})
const saveProfile = createRoute({
  method: 'patch',
  path: '/profile',
  tags: ['Session'],
  summary: 'Change your own name, language or password',
  middleware: [needsPerson],
  request: { body: jsonBody(profileBody) },
  responses: answers(sessionState, 'Saved', [401, 403, 422]),
})
const readWorkspace = createRoute({
  method: 'get',
  path: '/workspace',
  tags: ['Settings'],
  summary: 'Name, sender, postal address, zone and language',
  middleware: [needs('settings:read')],
  responses: answers(workspace, 'The workspace'),
})
const saveWorkspace = createRoute({
  method: 'patch',
  path: '/workspace',
  tags: ['Settings'],
  summary: 'Change the workspace; what is left out stays',
  middleware: [needs('settings:write')],
  request: { body: jsonBody(workspaceBody) },
  responses: answers(workspace, 'Saved', [401, 403, 422]),
})

export function sessionRoutes(deps: RouteDeps) {
  const { db, commands } = deps
  const stateOf = async (userId: UserId | null): Promise<SessionState> => {
    const user = userId === null ? null : await findUser(db, { id: userId })
    return {
      needsSetup: !(await isSetUp(db)),
      user: user === null ? null : { ...user, id: toApiId(user.id), locale: localeOf(user.locale) },
      workspace: user === null ? null : await findWorkspace(db),
    }
  }
  return router()
    .openapi(readSession, async (c) => c.json(sessionState.parse(await stateOf(userIdOf(c)))))
    .openapi(signIn, async (c) => {
      const { email, password } = c.req.valid('json')
      const userId = await checkPassword(deps, email, password, c.get('address'))
      await startSession(deps, c, (session) => commands('create-session', { userId, ...session }))
      return c.json(sessionState.parse(await stateOf(userId)))
    })
    .openapi(signOut, async (c) => {
      const caller = c.get('caller')
      if (caller.kind === 'user') await commands('delete-session', { tokenHash: caller.tokenHash })
      deleteCookie(c, SESSION_COOKIE, { path: '/' })
      return c.newResponse(null, 204)
    })
    .openapi(setUp, async (c) => {
      const body = c.req.valid('json')
      if (await isSetUp(db)) throw conflict('This installation was set up before. Sign in instead.')
      const email = foldedAddress(body.email, 'email')
      const { senderName, senderEmail, postalAddress, locale } = body
      const workspaceInput = {
        name: body.workspace,
        timezone: zoneOrRefuse(body.timezone),
        locale,
        senderName,
        senderEmail: senderEmail === '' ? '' : plainAddress(senderEmail, 'senderEmail'),
        postalAddress,
      }
      const account = body.account === null ? null : accountSettings(body.account, deps.sealer)
      const passwordHash = await hashPassword(body.password)
      const { userId } = await startSession(deps, c, (session) =>
        commands('setup', { email, name: body.name, passwordHash, workspace: workspaceInput, account, session }),
      )
      return c.json(sessionState.parse(await stateOf(userId)), 201)
    })
    .openapi(saveProfile, async (c) => {
      const caller = c.get('caller')
      if (caller.kind !== 'user') return noBody()
      const { name, locale, password } = c.req.valid('json')
      const changes = {
        ...(name === undefined ? {} : { name }),
        ...(locale === undefined ? {} : { locale }),
        ...(password === undefined ? {} : { passwordHash: await changedPassword(deps, caller.userId, password) }),
      }
      await commands('save-profile', { userId: caller.userId, ...changes })
      return c.json(sessionState.parse(await stateOf(caller.userId)))
    })
    .openapi(readWorkspace, async (c) => c.json(workspace.parse(await findWorkspace(db))))
    .openapi(saveWorkspace, async (c) => {
      const body = c.req.valid('json')
      if (body.timezone !== undefined) zoneOrRefuse(body.timezone)
      if (body.senderEmail !== undefined && body.senderEmail !== '') plainAddress(body.senderEmail, 'senderEmail')
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      await commands('save-workspace', given)
      return c.json(workspace.parse(await findWorkspace(db)))
    })
}

const localeOf = (text: string) => (text === 'vi' || text === 'zh' ? text : 'en')

function userIdOf(c: Context<AppEnv>): UserId | null {
  const caller = c.get('caller')
  return caller.kind === 'user' ? caller.userId : null
}

/** Make a token, let `save` keep its hash, and only then give the browser the cookie. */
async function startSession<T>(
  { config, now }: RouteDeps,
  c: Context<AppEnv>,
  save: (session: { tokenHash: string; expiresAt: number }) => Promise<T>,
): Promise<T> {
  const token = newSessionToken()
  const saved = await save({ tokenHash: hashToken(token), expiresAt: now() + SESSION_MS })
  setCookie(c, SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: config.publicUrl.startsWith('https:'),
    maxAge: SESSION_MS / SECOND_MS,
  })
  return saved
}

/** The same answer after the same work, whether or not the account exists. */
async function checkPassword(deps: RouteDeps, email: string, password: string, address: string): Promise<UserId> {
  const { db, commands, now } = deps
  const parsed = parseAddress(email.trim())
  const folded = parsed.ok ? parsed.folded : email.trim().toLowerCase()
  const keys = [`account:${folded}`, `address:${address}`]
  const worst = await worstLoginFailures(db, keys, now() - FAILURE_WINDOW_MS)
  if (worst.failures >= MOST_FAILURES) {
    const retryAfter = Math.max(1, Math.ceil((worst.firstAt + FAILURE_WINDOW_MS - now()) / SECOND_MS))
    throw new RequestError(
      'too-many-attempts',
      429,
      `There were ${MOST_FAILURES} failed sign-ins; try again in ${retryAfter} seconds.`,
      { retryAfter },
    )
  }
  const user = await findUser(db, { email: folded })
  const isRight = await isPassword(password, user?.passwordHash ?? NOBODYS_HASH)
  if (user === null || !isRight) {
    await commands('note-login-failure', { keys, windowMs: FAILURE_WINDOW_MS })
    throw new RequestError('wrong-credentials', 401, 'The email or the password is wrong.')
  }
  await commands('clear-login-failures', { keys: [`account:${folded}`] })
  return fromColumn<UserId>(user.id)
}

async function changedPassword(
  { db }: RouteDeps,
  userId: UserId,
  password: { current: string; next: string },
): Promise<string> {
  const user = await findUser(db, { id: userId })
  if (user === null || !(await isPassword(password.current, user.passwordHash)))
    throw unprocessable('wrong-credentials', 'The current password is wrong.')
  return hashPassword(password.next)
}

function zoneOrRefuse(zone: string): string {
  if (isZone(zone)) return zone
  throw unprocessable(
    'bad-timezone',
    `The time zone is ${JSON.stringify(zone)}; expected an IANA name such as Asia/Ho_Chi_Minh.`,
  )
}

function plainAddress(text: string, field: string): string {
  const parsed = parseAddress(text.trim())
  if (parsed.ok) return parsed.address
  throw unprocessable(
    'bad-address',
    `\`${field}\` is ${JSON.stringify(text.slice(0, 100))}; expected an email address. ${parsed.message}`,
  )
}

function foldedAddress(text: string, field: string): string {
  plainAddress(text, field)
  const parsed = parseAddress(text.trim())
  return parsed.ok ? parsed.folded : text
}
