/** What was claimed and waits for a lane. */
export class ClaimQueue<T> {
  #items: T[] = []
  #takers: ((item: T | null) => void)[] = []
  #isClosed = false

  put(item: T): void {
    const taker = this.#takers.shift()
    if (taker !== undefined) taker(item)
    else this.#items.push(item)
  }

  /** The next item; null when none comes in time, or the queue is closed. */
  take(withinMs: number): Promise<T | null> {
    if (this.#isClosed) return Promise.resolve(null)
    const item = this.#items.shift()
    if (item !== undefined) return Promise.resolve(item)
    return new Promise((resolve) => {
      const taker = (found: T | null) => {
        clearTimeout(timer)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.#takers = this.#takers.filter((other) => other !== taker)
        resolve(null)
      }, withinMs)
      this.#takers.push(taker)
    })
  }

  /** Take everything out. */
  drain(): T[] {
    return this.#items.splice(0)
  }

  /** Nobody gets anything any more. */
  close(): void {
    this.#isClosed = true
    for (const taker of this.#takers.splice(0)) taker(null)
  }
}
