import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError, UnreachableError } from '../api/errors.ts'
import { sessionKey } from '../api/session.ts'

/** One cache for all server data. A 401 anywhere reads the session again, and the gate shows the sign-in page. */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== sessionKey[0])
          void client.invalidateQueries({ queryKey: sessionKey })
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // An answer of the server will not change by asking again; a missing one may.
        retry: (failures, error) => error instanceof UnreachableError && failures < 2,
        refetchOnWindowFocus: true,
        networkMode: 'always', // the server is often on this machine: no network says nothing about it
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}
