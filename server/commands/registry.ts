/** Every command by name. A command runs inside one transaction and may be run again from the start: it keeps nothing of its own. */
import type { Moment } from '../engine/context.ts'
import { createApiKey, noteKeyUsed, rememberAnswer, revokeApiKey } from './api-keys.ts'
import { claimMessages } from './claim-messages.ts'
import { resubscribe, unsubscribe } from './consent.ts'
import type { CommandInput, CommandName, CommandOutput } from './contract.ts'
import { cancelJob, enroll, exitEnrollment, startAddingPeople } from './enrollments.ts'
import { eraseContact } from './erase-contact.ts'
import { importChunk } from './import-chunk.ts'
import { cancelImport, createImport, finishImport, forgetImported } from './imports.ts'
import { clearInbox, storeInboxMail } from './inbox.ts'
import { queueTestSend, recordMessageEvent, recordMessageHit, resolveMessage } from './messages.ts'
import { pauseWorkflow, resumeWorkflow } from './pause.ts'
import { publish } from './publish.ts'
import { putContact } from './put-contact.ts'
import { recordEvents } from './record-events.ts'
import { finishMessages, markDots, recheckMessage, releaseMessages } from './send-messages.ts'
import { addSendingDomain, noteDomainCheck, removeSendingDomain, setDomainSigning } from './sending-domains.ts'
import { clearLoginFailures, createSession, deleteSession, noteLoginFailure, saveProfile, setup } from './sessions.ts'
import { noteAccount, retryAccount, saveAccount, saveWorkspace, setAccountStatus, slowAccount } from './settings.ts'
import { allocateSteps, archiveWorkflow, createWorkflow, restoreWorkflow, saveDraft } from './workflows.ts'

export type Command<N extends CommandName> = (moment: Moment, input: CommandInput<N>) => Promise<CommandOutput<N>>
export type Registry = { readonly [N in CommandName]: Command<N> }

export const registry: Registry = {
  setup,
  'create-session': createSession,
  'delete-session': deleteSession,
  'note-login-failure': noteLoginFailure,
  'clear-login-failures': clearLoginFailures,
  'save-profile': saveProfile,
  'create-api-key': createApiKey,
  'revoke-api-key': revokeApiKey,
  'note-key-used': noteKeyUsed,
  'remember-answer': rememberAnswer,
  'save-workspace': saveWorkspace,
  'save-account': saveAccount,
  'set-account-status': setAccountStatus,
  'slow-account': slowAccount,
  'note-account': noteAccount,
  'retry-account': retryAccount,
  'add-sending-domain': addSendingDomain,
  'note-domain-check': noteDomainCheck,
  'set-domain-signing': setDomainSigning,
  'remove-sending-domain': removeSendingDomain,
  'put-contact': putContact,
  'erase-contact': eraseContact,
  unsubscribe,
  resubscribe,
  'record-events': recordEvents,
  'create-import': createImport,
  'import-chunk': importChunk,
  'forget-imported': forgetImported,
  'finish-import': finishImport,
  'cancel-import': cancelImport,
  'create-workflow': createWorkflow,
  'save-draft': saveDraft,
  publish,
  'allocate-steps': allocateSteps,
  'archive-workflow': archiveWorkflow,
  'restore-workflow': restoreWorkflow,
  'pause-workflow': pauseWorkflow,
  'resume-workflow': resumeWorkflow,
  enroll,
  'start-adding-people': startAddingPeople,
  'cancel-job': cancelJob,
  'exit-enrollment': exitEnrollment,
  'queue-test-send': queueTestSend,
  'resolve-message': resolveMessage,
  'record-message-event': recordMessageEvent,
  'record-hit': recordMessageHit,
  'claim-messages': claimMessages,
  'recheck-message': recheckMessage,
  'mark-dots': markDots,
  'finish-messages': finishMessages,
  'release-messages': releaseMessages,
  'store-inbox-mail': storeInboxMail,
  'clear-inbox': clearInbox,
}
