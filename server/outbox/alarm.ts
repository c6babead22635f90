/** A nap that can be cut short. Ringing while nobody sleeps makes the next nap end at once. */
export class Alarm {
  #isRinging = false
  #wake: (() => void) | null = null

  async sleep(ms: number): Promise<void> {
    if (!this.#isRinging) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.#wake = null
    this.#isRinging = false
  }

  ring(): void {
    this.#isRinging = true
    this.#wake?.()
  }
}
