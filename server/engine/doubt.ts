/** A first copy of the message may have arrived: it went back to the queue after the dot, under `resend` or by hand. */
type Doubted = { doubts: number }

/** Nobody knows that it did not arrive, so it can only end as sent or uncertain, whatever became of the later try. */
export const endOf = <Status extends 'failed' | 'skipped'>(
  { doubts }: Doubted,
  unsent: Status,
): Status | 'uncertain' => (doubts > 0 ? 'uncertain' : unsent)

/** Why it is uncertain although its last try left nothing; `detail` keeps the reason of that try. */
export const FIRST_COPY = 'first-copy-unknown'
