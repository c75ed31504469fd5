/** Who works at this command line, for logs of administration. */
import { userInfo } from 'node:os'

export function actor(): string {
  try {
    return `command line, ${userInfo().username}`
  } catch {
    // In containers there may be no name for the user.
    return `command line, user ${process.getuid?.() ?? 'unknown'}`
  }
}
