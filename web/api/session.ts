/** Who is here: set-up, sign-in and out, workspace and profile. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import {
  type profileBody,
  type SessionState,
  type SetupBody,
  sessionState,
  type signInBody,
  type workspaceBody,
} from '../../shared/api/session.ts'
import { call, nothing } from './client.ts'

export type SignInBody = z.infer<typeof signInBody>
export type WorkspaceBody = z.infer<typeof workspaceBody>
export type ProfileBody = z.infer<typeof profileBody>

export const sessionKey = ['session'] as const

export const getSession = (signal?: AbortSignal): Promise<SessionState> =>
  call(sessionState, 'GET', '/session', signal === undefined ? {} : { signal })
export const setUp = (body: SetupBody): Promise<unknown> => call(nothing, 'POST', '/setup', { body })
export const signIn = (body: SignInBody): Promise<unknown> => call(nothing, 'POST', '/session', { body })
export const signOut = (): Promise<unknown> => call(nothing, 'DELETE', '/session')
export const saveWorkspace = (body: WorkspaceBody): Promise<unknown> => call(nothing, 'PATCH', '/workspace', { body })
export const saveProfile = (body: ProfileBody): Promise<unknown> => call(nothing, 'PATCH', '/profile', { body })

export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: ({ signal }) => getSession(signal), staleTime: 60_000 })
}

/** Anything that changes who is here or what the workspace is called: afterwards the session is read again. */
export function useSessionChange<Body>(change: (body: Body) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: sessionKey }),
  })
}
