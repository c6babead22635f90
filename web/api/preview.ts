/** Emails before they are sent: rendered as somebody, or sent as a test. */
import type { z } from 'zod'
import {
  type PreviewAnswer,
  previewAnswer,
  type previewBody,
  type testSendBody,
  testSent,
} from '../../shared/api/workflows.ts'
import { call } from './client.ts'

export type PreviewBody = z.infer<typeof previewBody>
export type TestSendBody = z.infer<typeof testSendBody>

/** Render one email as one contact; `url` is a page for a sandboxed frame. */
export const preview = (body: PreviewBody, signal?: AbortSignal): Promise<PreviewAnswer> =>
  call(previewAnswer, 'POST', '/preview', signal === undefined ? { body } : { body, signal })

/** Send the draft's email as it will look; it counts nowhere. */
export const testSend = (id: string, key: string, body: TestSendBody): Promise<{ messageIds: string[] }> =>
  call(testSent, 'POST', `/workflows/${encodeURIComponent(id)}/emails/${encodeURIComponent(key)}/test`, { body })
