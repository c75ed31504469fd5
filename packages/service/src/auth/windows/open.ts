/** Windows authentication as the configuration wants it. */
import { resolve } from 'node:path'
import type { Clock, Directory } from '../../core/ports.ts'
import { channelBindingOf } from './channel-binding.ts'
import { configureNtlmAuth, type WindowsDomain } from './ntlm-auth-configuration.ts'
import { startNtlmAuth } from './ntlm-auth.ts'
import { createWindowsAuthentication, type NtlmPolicy, type WindowsAuthentication } from './windows.ts'

export interface WindowsSettings extends Omit<WindowsDomain, 'program'> {
  readonly ntlm: boolean
  readonly ntlmChannelBinding: 'required' | 'accepted'
  readonly helper: string
}

/**
 * @param world.certificate of the listener, PEM
 * @param folder relative paths start here
 * @throws RightsError `configuration-invalid`
 */
export function openWindowsAuthentication(
  world: { readonly directory: Directory; readonly clock: Clock; readonly certificate: string | undefined },
  settings: WindowsSettings | undefined,
  folder: string,
): WindowsAuthentication | undefined {
  if (settings === undefined) return undefined
  const { helper: program, ntlm, ntlmChannelBinding, ...domain } = settings
  const { certificate } = world
  const policy: NtlmPolicy = {
    bindingRequired: ntlmChannelBinding === 'required',
    ...(certificate === undefined ? {} : { binding: channelBindingOf(certificate) }),
  }
  const configured = configureNtlmAuth({ ...domain, program, keytabFile: resolve(folder, domain.keytabFile) })
  const authentication = createWindowsAuthentication({
    ...world,
    ...(ntlm ? { ntlm: policy } : {}),
    startNtlmAuth: () => startNtlmAuth(configured.helper),
  })
  return {
    ...authentication,
    close() {
      authentication.close()
      configured.remove()
    },
  }
}
