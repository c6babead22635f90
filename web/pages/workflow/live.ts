import type { OpenWorkflow } from '../../api/workflows.ts'

/** What is live, beside the draft being edited. */
export type Live = Pick<OpenWorkflow, 'id' | 'status' | 'liveVersion' | 'publishedAt' | 'pausedAt' | 'job'>
