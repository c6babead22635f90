import { lazy, Suspense } from 'react'
import { Navigate, Route, Routes, useLocation } from 'react-router'
import { Contacts } from '../pages/contacts/contacts.tsx'
import { SignIn } from '../pages/sign-in.tsx'
import { Workflows } from '../pages/workflows.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Gate, SetUpGate, SignInGate } from './gate.tsx'
import { Missing } from './missing.tsx'
import { Opening } from './opening.tsx'
import { Shell } from './shell/shell.tsx'

// Start with the two lists; everything else comes when it is opened.
const SetUp = lazy(async () => ({ default: (await import('../pages/set-up/set-up.tsx')).SetUp }))
const ContactPage = lazy(async () => ({ default: (await import('../pages/contact/contact-page.tsx')).ContactPage }))
const ImportPage = lazy(async () => ({ default: (await import('../pages/import/import-page.tsx')).ImportPage }))
const ImportProgress = lazy(async () => ({
  default: (await import('../pages/import/import-progress.tsx')).ImportProgress,
}))
const Messages = lazy(async () => ({ default: (await import('../pages/messages/messages.tsx')).Messages }))
const Inbox = lazy(async () => ({ default: (await import('../pages/inbox/inbox.tsx')).Inbox }))
const Settings = lazy(async () => ({ default: (await import('../pages/settings/settings.tsx')).Settings }))
const WorkspaceSettings = lazy(async () => ({
  default: (await import('../pages/settings/workspace-settings.tsx')).WorkspaceSettings,
}))
const SendingSettings = lazy(async () => ({
  default: (await import('../pages/settings/sending-settings.tsx')).SendingSettings,
}))
const KeySettings = lazy(async () => ({ default: (await import('../pages/settings/key-settings.tsx')).KeySettings }))
const ProfileSettings = lazy(async () => ({
  default: (await import('../pages/settings/profile-settings.tsx')).ProfileSettings,
}))
const NewWorkflow = lazy(async () => ({ default: (await import('../pages/workflows/new-workflow.tsx')).NewWorkflow }))
const WorkflowPage = lazy(async () => ({
  default: (await import('../pages/workflow/workflow-page.tsx')).WorkflowPage,
}))

export function AppRoutes() {
  const { pathname } = useLocation()
  return (
    <ErrorBoundary resetKey={pathname}>
      <Suspense fallback={<Opening />}>
        <Routes>
          <Route element={<SetUpGate />}>
            <Route path="/setup" element={<SetUp />} />
          </Route>
          <Route element={<SignInGate />}>
            <Route path="/sign-in" element={<SignIn />} />
          </Route>
          <Route element={<Gate />}>
            <Route path="/workflows/:id" element={<WorkflowPage />} />
            <Route path="/workflows/:id/emails/:key" element={<WorkflowPage />} />
            <Route element={<Shell />}>
              <Route index element={<Navigate to="/workflows" replace />} />
              <Route path="/workflows" element={<Workflows />} />
              <Route path="/workflows/new" element={<NewWorkflow />} />
              <Route path="/contacts" element={<Contacts />} />
              <Route path="/contacts/import" element={<ImportPage />} />
              <Route path="/contacts/import/:id" element={<ImportProgress />} />
              <Route path="/contacts/:id" element={<ContactPage />} />
              <Route path="/messages" element={<Messages />} />
              <Route path="/inbox" element={<Inbox />} />
              <Route path="/inbox/:id" element={<Inbox />} />
              <Route path="/settings" element={<Settings />}>
                <Route index element={<Navigate to="/settings/workspace" replace />} />
                <Route path="workspace" element={<WorkspaceSettings />} />
                <Route path="sending" element={<SendingSettings />} />
                <Route path="keys" element={<KeySettings />} />
                <Route path="profile" element={<ProfileSettings />} />
              </Route>
              <Route path="*" element={<Missing />} />
            </Route>
          </Route>
        </Routes>
      </Suspense>
    </ErrorBoundary>
  )
}
