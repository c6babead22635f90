/**
 * The workflow as a list to read from top to bottom, for phones and screen readers. A step where paths meet stands once, below
 * the branches; each path that leads to it says where it goes on. The main way of a wait-until is not indented.
 */
import type { DrawnStep, WorkflowDocument } from './document.ts'
import type { Out } from './kind.ts'
import { outsOf, stepKindOf } from './kinds.ts'

export type OutlineRow =
  | { kind: 'trigger'; id: string; level: 0 }
  /** `meets`: how many paths come together here; 0 or 1 for a plain step. */
  | { kind: 'step'; id: string; level: number; meets: number }
  /** `label` is null when people gave none, or the port (`timeout`, `otherwise`) says it. `steps`: how many stand below it. */
  | { kind: 'path'; stepId: string; port: string; label: string | null; level: number; steps: number }
  /** `back`: to a step further up. */
  | { kind: 'continues'; to: string; level: number; back: boolean }
  | { kind: 'ends'; level: number }
  /** What follows is reached by nobody. */
  | { kind: 'unreached'; level: 0 }

export function outlineOf(doc: WorkflowDocument): OutlineRow[] {
  const walk = new Walk(doc)
  const triggers = doc.triggers.map(({ id }): OutlineRow => ({ kind: 'trigger', id, level: 0 }))
  walk.from(doc.start)
  const reached = walk.rows.length
  walk.rest()
  const unreached: OutlineRow[] = walk.rows.length > reached ? [{ kind: 'unreached', level: 0 }] : []
  return [...triggers, ...walk.rows.slice(0, reached), ...unreached, ...walk.rows.slice(reached)]
}

/** The paths taken from the outermost to here; its length is the level of indentation. */
type Branches = readonly string[]

class Walk {
  readonly rows: OutlineRow[] = []
  private readonly byId: ReadonlyMap<string, DrawnStep>
  private readonly listed = new Set<string>()
  /** Arrows into a step that were not met yet, those leading back left out. */
  private readonly open = new Map<string, number>()
  private readonly arrows = new Map<string, number>()
  /** Steps where paths meet that were met, with the innermost row of branches that all paths there so far have in common. */
  private readonly waiting = new Map<string, Branches>()
  private readonly steps: readonly DrawnStep[]

  constructor(doc: WorkflowDocument) {
    this.steps = doc.steps
    this.byId = new Map(doc.steps.map((step) => [step.id, step]))
  }

  from(start: string | null): void {
    if (start === null || !this.byId.has(start) || this.listed.has(start)) return
    this.countArrows(start)
    this.line(start, [])
    // Whatever still waits is reached only through arrows from steps nobody reaches.
    for (let id = this.nextWaiting(); id !== undefined; id = this.nextWaiting()) this.line(id, [])
  }

  /** Steps not listed yet: first those that nothing leads to, then circles. */
  rest(): void {
    const led = new Set(this.steps.flatMap((step) => outsOf(step).map((out) => out.next)))
    for (const step of this.steps) if (!led.has(step.id)) this.from(step.id)
    for (const step of this.steps) this.from(step.id)
  }

  private nextWaiting(): string | undefined {
    return [...this.waiting.keys()].find((id) => !this.listed.has(id))
  }

  /** Count forward arrows from here on, by a depth-first walk: an arrow to a step still on the path leads back. */
  private countArrows(start: string): void {
    const done = new Set<string>()
    const onPath = new Set([start])
    const visits = [{ id: start, left: this.targets(start) }]
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const next = visit.left.shift()
      if (next === undefined) {
        done.add(visit.id)
        onPath.delete(visit.id)
        visits.pop()
        continue
      }
      if (onPath.has(next) || this.listed.has(next)) continue
      this.open.set(next, (this.open.get(next) ?? 0) + 1)
      this.arrows.set(next, (this.arrows.get(next) ?? 0) + 1)
      if (done.has(next)) continue
      onPath.add(next)
      visits.push({ id: next, left: this.targets(next) })
    }
  }

  private targets(id: string): string[] {
    const step = this.byId.get(id)
    return step === undefined
      ? []
      : outsOf(step).flatMap(({ next }) => (next !== null && this.byId.has(next) ? [next] : []))
  }

  /** List steps one below the other from `id` on; a fork lists its paths indented and goes on with its main way. */
  private line(id: string, branches: Branches): void {
    let current: string | null = id
    while (current !== null) {
      const step = this.byId.get(current)
      if (step === undefined || this.listed.has(current)) return
      this.listed.add(current)
      this.rows.push({ kind: 'step', id: current, level: branches.length, meets: this.arrows.get(current) ?? 0 })
      current = this.after(step, branches)
    }
  }

  /** The step that comes next on the same level, if any. */
  private after(step: DrawnStep, branches: Branches): string | null {
    const outs = outsOf(step)
    const [only] = outs
    const level = branches.length
    if (only === undefined) return this.met(branches)
    if (outs.length === 1) return this.follow(only.next, branches) ?? this.met(branches)
    const kind = stepKindOf(step.kind)
    const main = kind?.family === 'time' ? outs.find((out) => out.port === kind.main) : undefined
    for (const out of outs) if (out !== main) this.path(step, out, branches)
    if (main === undefined) return this.met(branches)
    this.rows.push({ kind: 'path', stepId: step.id, port: main.port, label: main.label, level, steps: 0 })
    if (main.next === null) this.rows.push({ kind: 'ends', level })
    return this.follow(main.next, branches) ?? this.met(branches)
  }

  private path(step: DrawnStep, { port, label, next }: Out, branches: Branches): void {
    const row = { kind: 'path' as const, stepId: step.id, port, label, level: branches.length, steps: 0 }
    const inside = [...branches, `${step.id}/${port}`]
    const before = this.listed.size
    this.rows.push(row)
    if (next === null || !this.byId.has(next)) this.rows.push({ kind: 'ends', level: inside.length })
    else {
      const target = this.follow(next, inside)
      if (target !== null) this.line(target, inside)
    }
    row.steps = this.listed.size - before
  }

  /** Take an arrow: the step to list now, or null after saying where the path goes on. */
  private follow(target: string | null, branches: Branches): string | null {
    if (target === null || !this.byId.has(target)) return null
    const level = branches.length
    if (this.listed.has(target)) {
      this.rows.push({ kind: 'continues', to: target, level, back: true })
      return null
    }
    const left = (this.open.get(target) ?? 1) - 1
    this.open.set(target, left)
    const shared = common(this.waiting.get(target) ?? branches, branches)
    if (left <= 0 && shared.length === level) return target
    this.waiting.set(target, shared)
    this.rows.push({ kind: 'continues', to: target, level, back: false })
    return null
  }

  /** A step where all paths have met that part within these branches. */
  private met(branches: Branches): string | null {
    for (const [id, shared] of this.waiting) {
      const isComplete = (this.open.get(id) ?? 0) <= 0 && !this.listed.has(id)
      if (isComplete && shared.length >= branches.length) return id
    }
    return null
  }
}

function common(a: Branches, b: Branches): Branches {
  const differs = a.findIndex((branch, level) => branch !== b[level])
  return differs === -1 ? a : a.slice(0, differs)
}
