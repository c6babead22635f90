/**
 * A lane of an account with a rate. Servers count messages where they begin or where they accept them, so both MAIL FROM and the final dot
 * keep to the rate. The gates belong to the account: whatever becomes of runners and lanes, they know what has left.
 */
import type { AccountId } from '../../shared/ids.ts'
import type { Lane } from '../mail/smtp.ts'
import { PaceGate, type Place } from './pace-gate.ts'

export type AccountGates = { mails: PaceGate; dots: PaceGate }

export function accountGates(): (account: { id: AccountId; ratePerSecond: number | null }) => AccountGates | null {
  const gates = new Map<AccountId, AccountGates>()
  return ({ id, ratePerSecond }) => {
    if (ratePerSecond === null) return null
    const known = gates.get(id)
    if (known === undefined) {
      const made = { mails: new PaceGate(ratePerSecond), dots: new PaceGate(ratePerSecond) }
      gates.set(id, made)
      return made
    }
    known.mails.ratePerSecond = ratePerSecond
    known.dots.ratePerSecond = ratePerSecond
    return known
  }
}

export function pacedLane(lane: Lane, gates: AccountGates | null): Lane {
  if (gates === null) return lane
  return {
    ...lane,
    async send(envelope, message, beforeDot) {
      const mail = await gates.mails.take()
      const dot = new PacedDot(gates.dots)
      mail.leave()
      const delivery = await lane.send(envelope, message, () => {
        mail.answer()
        return dot.leave(beforeDot)
      })
      mail.answer()
      dot.end()
      return delivery
    },
  }
}

class PacedDot {
  readonly #gate: PaceGate
  #place: Place | null = null
  #isOver = false

  constructor(gate: PaceGate) {
    this.#gate = gate
  }

  /** The place first, the mark then: between a mark and its dot nothing waits. */
  async leave(beforeDot: () => Promise<boolean>): Promise<boolean> {
    const place = await this.#gate.take()
    let mayLeave = false
    try {
      // Its connection is gone: the mark must not even be asked for.
      mayLeave = !this.#isOver && (await beforeDot()) && !this.#isOver
    } finally {
      if (!mayLeave) place.cancel()
    }
    if (!mayLeave) return false
    place.leave()
    this.#place = place
    return true
  }

  end(): void {
    this.#isOver = true
    this.#place?.answer()
  }
}
