/**
 * Who stood in a file before, by hashes of what they are known by: 16 bytes an identity, so that a list of a million people is checked in
 * 32 MB. Two identities in 2^52 that share a hash are taken for one person; what is counted here is written nowhere.
 */
const EMPTY = 0
const FIRST_SIZE = 1 << 14

export class PeopleSeen {
  #keys = new Float64Array(FIRST_SIZE)
  #people = new Float64Array(FIRST_SIZE)
  #size = 0

  /** What was given to this identity last, or null. */
  find(identity: string): number | null {
    const key = hashOf(identity)
    const at = this.#placeOf(key)
    return this.#keys[at] === key ? (this.#people[at] ?? null) : null
  }

  /** @param person  a number of the person, or of anything that is to be remembered under this name */
  give(identity: string, person: number): void {
    this.giveHash(hashOf(identity), person)
  }

  giveHash(key: number, person: number): void {
    if (this.#size * 2 >= this.#keys.length) this.#grow()
    const at = this.#placeOf(key)
    if (this.#keys[at] === EMPTY) this.#size += 1
    this.#keys[at] = key
    this.#people[at] = person
  }

  #placeOf(key: number): number {
    const mask = this.#keys.length - 1
    let at = key % this.#keys.length
    while (this.#keys[at] !== EMPTY && this.#keys[at] !== key) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const [keys, people] = [this.#keys, this.#people]
    this.#keys = new Float64Array(keys.length * 2)
    this.#people = new Float64Array(keys.length * 2)
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i] ?? EMPTY
      if (key === EMPTY) continue
      const at = this.#placeOf(key)
      this.#keys[at] = key
      this.#people[at] = people[i] ?? 0
    }
  }
}

/** 52 bits, never 0: two 32-bit multiplicative hashes (FNV-1a's prime and Knuth's constant). */
export function hashOf(text: string): number {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (let i = 0; i < text.length; i += 1) {
    const sign = text.charCodeAt(i)
    a = Math.imul(a ^ sign, 0x01000193)
    b = Math.imul(b ^ sign, 0x9e3779b1)
    b ^= b >>> 15
  }
  return ((b >>> 0) & 0xfffff) * 4_294_967_296 + (a >>> 0) + 1
}
