/**
 * Numbers for the URLs that Liquid made in one mail: the first under a placeholder keeps the placeholder's own, a loop's further ones are
 * counted on from `count`; the same URL under the same placeholder has one number, in both parts of the mail.
 */
export class LinkNumbers {
  readonly links: { no: number; url: string }[] = []
  readonly #numbers = new Map<string, number>()
  readonly #taken = new Set<number>()
  #next: number

  /** @param count  links of the version */
  constructor(count: number) {
    this.#next = count
  }

  take(own: number, url: string): number {
    const known = this.find(own, url)
    if (known !== undefined) return known
    const no = this.#taken.has(own) ? this.#next++ : own
    this.#taken.add(own)
    this.#numbers.set(`${own}?${url}`, no)
    this.links.push({ no, url })
    return no
  }

  find(own: number, url: string): number | undefined {
    return this.#numbers.get(`${own}?${url}`)
  }
}
