/** Where the program keeps what belongs to the user of this machine. */
import { homedir } from 'node:os'
import { join } from 'node:path'

export function ownFolder(): string {
  const data = process.platform === 'win32' ? process.env['LOCALAPPDATA'] : process.env['XDG_DATA_HOME']
  return join(data ?? join(homedir(), '.local', 'share'), 'sealward')
}
