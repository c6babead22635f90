/** The name of a thread as the operating system shows it (`top -H`), so that its CPU time can be told from the others'. */
import { writeFileSync } from 'node:fs'

/** Linux only; elsewhere threads have no name that a program could set. @param name  15 characters at most */
export function nameThread(name: 'writer' | 'sender' | 'inbox' | 'reader'): void {
  if (process.platform === 'linux') writeFileSync('/proc/thread-self/comm', name)
}
