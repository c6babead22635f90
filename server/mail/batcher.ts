/** Collects calls that come while one is under way and makes one call of them: the marks of all ready lanes share one commit. */

export type Batcher<T, R> = {
  /** Resolves with this item's own answer; rejects when its batch failed. */
  add(item: T): Promise<R>
  /** Take back what was not yet on its way. */
  cancel(item: T): boolean
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

type Waiting<T, R> = { item: T; resolve: (answer: R) => void; reject: (error: unknown) => void }

/** @param run  answers in the order of the items */
export function createBatcher<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>, most: number): Batcher<T, R> {
  let waiting: Waiting<T, R>[] = []
  let current: Promise<void> | null = null

  async function drain(): Promise<void> {
    // One turn of the event loop, so that lanes that become ready together travel together.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        const answers = await run(batch.map(({ item }) => item))
        batch.forEach(({ resolve, reject }, i) => {
          const answer = answers[i]
          if (answer === undefined) reject(new RangeError('a batch was answered with too few answers'))
          else resolve(answer)
        })
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    current = null
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        current ??= drain()
      }),
    cancel(item) {
      const before = waiting.length
      waiting = waiting.filter((other) => other.item !== item)
      return waiting.length < before
    },
    async idle() {
      while (current !== null) await current
    },
  }
}
