import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { BrowserRouter } from 'react-router'
import { ErrorBoundary } from './error-boundary.tsx'
import { createQueryClient } from './query-client.ts'
import { AppRoutes } from './routes.tsx'
import { cssVariablesResolver, theme } from './theme.ts'

export function App() {
  const [client] = useState(createQueryClient)
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <Suspense fallback={null}>
        <Parts client={client} />
      </Suspense>
    </MantineProvider>
  )
}

function Parts({ client }: { client: ReturnType<typeof createQueryClient> }) {
  return (
    <QueryClientProvider client={client}>
      <Notifications position="bottom-center" limit={3} />
      <BrowserRouter>
        <ModalsProvider>
          <ErrorBoundary>
            <AppRoutes />
          </ErrorBoundary>
        </ModalsProvider>
      </BrowserRouter>
    </QueryClientProvider>
  )
}
