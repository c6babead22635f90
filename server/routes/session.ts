/** Set-up, sign-in and sign-out, and the person's own profile. */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import {
  profileBody,
  type SessionState,
  type SetupBody,
  sessionState,
  setupBody,
  signInBody,
} from '../../shared/api/session.ts'
import { parseAddress } from '../../shared/contact/address.ts'
import { conflict, RequestError, unprocessable } from '../../shared/errors.ts'
import { fromColumn, toApiId, type UserId } from '../../shared/ids.ts'
import { DAY_MS, SECOND_MS } from '../../shared/time/instant.ts'
import { hashPassword, isPassword, NOBODYS_HASH } from '../auth/password.ts'
import { addressKey, passwordThrottle, type Throttle } from '../auth/throttle.ts'
import { hashToken, newSessionToken } from '../auth/tokens.ts'
import { findUser, findWorkspace, isSetUp } from '../db/queries/sessions.ts'
import { needsPerson } from './access.ts'
import { accountSettings } from './accounts.ts'
import { answers, answersNothing, jsonBody, noBody, router } from './define.ts'
import { type AppEnv, type RouteDeps, SESSION_COOKIE } from './deps.ts'
import { foldedAddress, plainAddress, zoneOrRefuse } from './workspace-input.ts'

const SESSION_MS = 30 * DAY_MS

/** Open to everybody: whoever signs in has nothing to show yet. */
const PUBLIC: Record<string, string[]>[] = []

const readSession = createRoute({
  method: 'get',
  path: '/session',
  security: PUBLIC,
  tags: ['Session'],
  summary: 'Which screen to show, and to whom',
  responses: answers(sessionState, 'The state, also without a session', [400]),
})
const signIn = createRoute({
  method: 'post',
  path: '/session',
  security: PUBLIC,
  tags: ['Session'],
  summary: 'Sign in. 429 with Retry-After after 10 failures per account or address.',
  request: { body: jsonBody(signInBody) },
  responses: answers(sessionState, 'Signed in; the cookie is set', [401, 403, 422, 429]),
})
const signOut = createRoute({
  method: 'delete',
  path: '/session',
  security: PUBLIC,
  tags: ['Session'],
  summary: 'Sign out',
  responses: answersNothing('Signed out', [403]),
})
const setUp = createRoute({
  method: 'post',
  path: '/setup',
  security: PUBLIC,
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
export function sessionRoutes(deps: RouteDeps) {
  const { db, commands } = deps
  const throttle = passwordThrottle(deps)
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
      const userId = await checkPassword(deps, throttle, { email, password, address: c.get('address') })
      const caller = c.get('caller')
      const instead = caller.kind === 'user' ? caller.tokenHash : null
      await startSession(deps, c, (session) => commands('create-session', { userId, instead, ...session }))
      return c.json(sessionState.parse(await stateOf(userId)))
    })
    .openapi(signOut, async (c) => {
      const caller = c.get('caller')
      if (caller.kind === 'user') await commands('delete-session', { tokenHash: caller.tokenHash })
      deps.hints.changed(null) // lines that this session keeps open end at once
      deleteCookie(c, SESSION_COOKIE, { path: '/' })
      return c.newResponse(null, 204)
    })
    .openapi(setUp, async (c) => {
      const userId = await setUpOnce(deps, c, c.req.valid('json'))
      return c.json(sessionState.parse(await stateOf(userId)), 201)
    })
    .openapi(saveProfile, async (c) => {
      const caller = c.get('caller')
      if (caller.kind !== 'user') return noBody()
      const { userId } = caller
      const { name, locale, password } = c.req.valid('json')
      const plain = { userId, ...(name === undefined ? {} : { name }), ...(locale === undefined ? {} : { locale }) }
      if (password === undefined) await commands('save-profile', plain)
      else {
        const hash = await changedPassword(deps, throttle, { userId, ...password })
        await startSession(deps, c, (session) => commands('save-profile', { ...plain, password: { hash, session } }))
        deps.hints.changed(null) // and those of the person's other sessions
      }
      return c.json(sessionState.parse(await stateOf(userId)))
    })
}

/** @throws RequestError 409 the second time, 422 for what is no address or zone */
async function setUpOnce(deps: RouteDeps, c: Context<AppEnv>, body: SetupBody): Promise<UserId> {
  if (await isSetUp(deps.db)) throw conflict('This installation was set up before. Sign in instead.')
  const { senderName, senderEmail, postalAddress, locale } = body
  const owner = { email: foldedAddress(body.email, 'email'), name: body.name }
  const workspace = {
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
    deps.commands('setup', { ...owner, passwordHash, workspace, account, session }),
  )
  return userId
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
async function checkPassword(
  { db, commands }: RouteDeps,
  throttle: Throttle,
  { email, password, address }: { email: string; password: string; address: string },
): Promise<UserId> {
  const parsed = parseAddress(email.trim())
  const folded = parsed.ok ? parsed.folded : email.trim().toLowerCase()
  const account = `account:${folded}`
  const userId = await throttle.guard([account, addressKey(address)], async () => {
    const user = await findUser(db, { email: folded })
    const isRight = await isPassword(password, user?.passwordHash ?? NOBODYS_HASH)
    return user === null || !isRight ? null : fromColumn<UserId>(user.id)
  })
  if (userId === null) throw new RequestError('wrong-credentials', 401, 'The email or the password is wrong.')
  await commands('clear-login-failures', { keys: [account] })
  return userId
}

/** Whoever holds a stolen session may not guess at the password for ever. */
async function changedPassword(
  { db }: RouteDeps,
  throttle: Throttle,
  { userId, current, next }: { userId: UserId; current: string; next: string },
): Promise<string> {
  const isRight = await throttle.guard([`password:${userId}`], async () => {
    const user = await findUser(db, { id: userId })
    return user !== null && (await isPassword(current, user.passwordHash)) ? true : null
  })
  if (isRight === null) throw unprocessable('wrong-credentials', 'The current password is wrong.')
  return hashPassword(next)
}
