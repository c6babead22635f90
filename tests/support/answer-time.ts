/** How long an answer took where everything happens in this process: of the clock and of our own work the less, as other processes are busy too. */
export function answerTime(): () => number {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return Math.min(performance.now() - startedAt, (user + system) / 1_000)
  }
}
