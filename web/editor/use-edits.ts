/** The gestures of canvas, outline and panels, bound to the store: one undo step and one announcement each. */
import { useMemo } from 'react'
import type { WorkflowDocument } from '../../shared/workflow/document.ts'
import { putEmail } from '../../shared/workflow/edit.ts'
import { type Clip, copySteps, duplicateSteps, pasteSteps } from '../../shared/workflow/edit-copies.ts'
import type { StepKindName, TriggerKindName } from '../../shared/workflow/kind.ts'
import { starterEmail } from '../../shared/workflow/starter-email.ts'
import { useEditorStore } from './context.tsx'
import { addAfter, addTriggerTo, connectNodes, newIdIn, type Place, removeNodes } from './gestures.ts'
import { triggerNode, triggerOfNode } from './slice.ts'
import { wordsOfStep, wordsOfTrigger } from './step-words.ts'
import type { BuilderText } from './text.ts'

const STARTER_LOCALES = ['en', 'vi', 'zh'] as const
/** The email a new email step begins with, in the interface's language. */
export const starterEmailFor = (language: string) =>
  starterEmail(STARTER_LOCALES.find((l) => language.startsWith(l)) ?? 'en')

/** What people call a node, for sentences about it. */
export function nameOfNode(document: WorkflowDocument, nodeId: string, text: BuilderText): string {
  const triggerId = triggerOfNode(nodeId)
  const trigger = document.triggers.find((t) => t.id === triggerId)
  if (trigger !== undefined) return wordsOfTrigger(trigger, text).title
  const step = document.steps.find((s) => s.id === nodeId)
  return step === undefined ? nodeId : wordsOfStep(step, document, text).title
}

export type Edits = ReturnType<typeof useEdits>

/** @param settle gives every node a place before one is added (the canvas knows places; identity elsewhere) */
export function useEdits(text: BuilderText, settle: (document: WorkflowDocument) => WorkflowDocument) {
  const store = useEditorStore()
  return useMemo(() => {
    const tools = { read: () => store.getState(), text, settle }
    return { ...additions(tools), ...copies(tools), ...changes(tools) }
  }, [store, text, settle])
}

type Tools = {
  read: () => ReturnType<ReturnType<typeof useEditorStore>['getState']>
  text: BuilderText
  settle: (document: WorkflowDocument) => WorkflowDocument
}

function additions({ read, text, settle }: Tools) {
  const { t } = text
  return {
    addStep(kind: StepKindName, place: Place): string {
      const id = newIdIn(read().document, kind)
      const name = t(`kind.${kind}.name`)
      const after = place.after === null ? null : nameOfNode(read().document, place.after, text)
      read().apply({ key: 'add', params: { kind: name } }, (doc) => {
        const base = settle(doc)
        if (kind !== 'send-email') return addAfter(base, { id, kind }, place)
        const withEmail = putEmail(base, id, starterEmailFor(text.language))
        return addAfter(withEmail, { id, kind, fields: { email: id } }, place)
      })
      read().select([id], true)
      read().announce(after === null ? t('say.added', { kind: name }) : t('say.added-after', { kind: name, after }))
      return id
    },
    addTrigger(kind: TriggerKindName, at?: { x: number; y: number }): string {
      const id = newIdIn(read().document, kind)
      const spot = at ?? spotForTrigger(settle(read().document))
      read().apply({ key: 'add', params: { kind: t(`kind.${kind}.name`) } }, (doc) =>
        addTriggerTo(settle(doc), id, kind, spot),
      )
      read().select([triggerNode(id)], true)
      return id
    },
  }
}

/** A clip lives as long as the gestures do; what was just copied is what the next key acts on. */
function copies({ read, settle }: Tools) {
  let clip: Clip | null = null
  const selectNew = (before: WorkflowDocument) => {
    const known = new Set(before.steps.map((step) => step.id))
    read().select(
      read()
        .document.steps.filter((step) => !known.has(step.id))
        .map((step) => step.id),
    )
  }
  return {
    duplicate(ids: readonly string[]) {
      const steps = ids.filter((id) => triggerOfNode(id) === null)
      if (steps.length === 0) return
      const before = read().document
      read().apply({ key: 'duplicate', params: { count: steps.length } }, (doc) =>
        duplicateSteps(settle(doc), steps, (copied) => newIdIn(doc, copied)),
      )
      selectNew(before)
    },
    copy(ids: readonly string[]) {
      clip = copySteps(settle(read().document), ids)
    },
    paste() {
      const copied = clip
      if (copied === null) return
      const before = read().document
      read().apply({ key: 'paste', params: { count: copied.steps.length } }, (doc) =>
        pasteSteps(settle(doc), copied, (id) => newIdIn(doc, id)),
      )
      selectNew(before)
    },
  }
}

function changes({ read, text, settle }: Tools) {
  const { t } = text
  return {
    remove(ids: readonly string[]) {
      const first = ids[0]
      if (first === undefined) return
      const title = nameOfNode(read().document, first, text)
      const name =
        ids.length === 1 ? { key: 'remove', params: { title } } : { key: 'remove-many', params: { count: ids.length } }
      read().apply(name, (doc) => removeNodes(settle(doc), ids))
      read().closePanel()
      read().announce(t(`say.${name.key}`, name.params))
    },
    connect(from: string, port: string, to: string | null) {
      read().apply({ key: to === null ? 'disconnect' : 'connect' }, (doc) => connectNodes(settle(doc), from, port, to))
    },
  }
}

/** Above the start, beside the triggers that are there. */
function spotForTrigger(document: WorkflowDocument): { x: number; y: number } {
  const start = document.start === null ? undefined : document.layout[document.start]
  const others = document.triggers.flatMap((trigger) => document.layout[trigger.id] ?? [])
  const right = others.length === 0 ? null : others.reduce((a, b) => (b.x > a.x ? b : a))
  if (right !== null) return { x: right.x + 320, y: right.y }
  return start === undefined ? { x: 0, y: -100 } : { x: start.x, y: start.y - 100 }
}
