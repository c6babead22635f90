/** The end of an exhaustive switch: a new kind fails to compile here, not at a customer. */
export function assertNever(value: never): never {
  throw new RangeError(`unexpected value ${JSON.stringify(value)}`)
}
