/** The columns of the hot statements for PostgreSQL, under the names of the rows that the contract promises. */
const columns = (table: string, names: Readonly<Record<string, string>>): string =>
  Object.entries(names)
    .map(([field, column]) => `${table}.${column} AS "${field}"`)
    .join(', ')

export const ENROLLMENT = columns('e', {
  id: 'id',
  part: 'part',
  contactId: 'contact_id',
  workflowId: 'workflow_id',
  version: 'version',
  stepNo: 'step_no',
  status: 'status',
  isWaiting: 'is_waiting',
  dueAt: 'due_at',
  arrivedAt: 'arrived_at',
  enteredAt: 'entered_at',
  seq: 'seq',
  entryEvent: 'entry_event',
  bulk: 'bulk',
})

export const CONTACT = columns('c', {
  id: 'id',
  email: 'email',
  externalId: 'external_id',
  timezone: 'timezone',
  locale: 'locale',
  createdAt: 'created_at',
  attributes: 'attributes',
  tags: 'tags',
  consent: 'consent',
  suppression: 'suppression',
})

export const MESSAGE = columns('m', {
  id: 'id',
  part: 'part',
  contactId: 'contact_id',
  enrollmentId: 'enrollment_id',
  seq: 'seq',
  k: 'k',
  workflowId: 'workflow_id',
  version: 'version',
  stepNo: 'step_no',
  emailKey: 'email_key',
  accountId: 'account_id',
  lane: 'lane',
  arrivedHour: 'arrived_hour',
  status: 'status',
  attempt: 'attempt',
  lease: 'lease',
  notBefore: 'not_before',
  expiresAt: 'expires_at',
  claimedAt: 'claimed_at',
  dotAt: 'dot_at',
  doubts: 'doubts',
  doubtedAt: 'doubted_at',
  test: 'test',
  messageIdHeader: 'message_id',
})
