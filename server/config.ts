/** The environment, read once. A bad value refuses to start, naming the variable, the value found and what is expected (DESIGN.md 7.1). */
export type Config = {
  port: number
  host: string
  publicUrl: string
  databaseUrl: string
  dataDir: string
  /** First signs, all verify. */
  secretKeys: readonly string[]
  apiKey: string | null
  role: 'all' | 'web' | 'worker'
  logLevel: string
  smtpUrl: string | null
  /** ISO durations in ms: waits between tries. */
  smtpRetryMs: readonly number[]
  mailFrom: string | null
  postalAddress: string | null
  outboundAllow: readonly string[]
  trustedProxies: readonly string[]
  uncertainSends: 'hold' | 'resend'
}
