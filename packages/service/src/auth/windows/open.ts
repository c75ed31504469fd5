/** Windows authentication as the configuration wants it. */
import { resolve } from 'node:path'
import type { Clock, Directory } from '../../core/ports.ts'
import { configureHelper, type WindowsDomain } from './helper-configuration.ts'
import { startHelper } from './helper.ts'
import { createWindowsAuthentication, type WindowsAuthentication } from './windows.ts'

export interface WindowsSettings extends Omit<WindowsDomain, 'program'> {
  readonly ntlm: boolean
  readonly helper: string
}

/** @param folder relative paths start here @throws RightsError `configuration-invalid` */
export function openWindowsAuthentication(
  world: { readonly directory: Directory; readonly clock: Clock },
  settings: WindowsSettings | undefined,
  folder: string,
): WindowsAuthentication | undefined {
  if (settings === undefined) return undefined
  const { helper: program, ntlm, ...domain } = settings
  const configured = configureHelper({ ...domain, program, keytabFile: resolve(folder, domain.keytabFile) })
  const authentication = createWindowsAuthentication({
    ...world,
    ntlm,
    startHelper: () => startHelper(configured.helper),
  })
  return {
    ...authentication,
    close() {
      authentication.close()
      configured.remove()
    },
  }
}
