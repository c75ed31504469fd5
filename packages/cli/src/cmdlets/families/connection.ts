/** The connection that all other cmdlets work through. It is a file of the user that names the service, and no secret. */
import { isAbsolute, resolve } from 'node:path'
import { canonicalGuid, RightsError } from '@sealward/xrml'
import { withAdministration } from '../../connection/administration-options.ts'
import { forgetSession, writeSession, type AdministrationSession } from '../../connection/administration-session.ts'
import type { AdministrationOptions } from '../../connection/administration-options.ts'
import { defineCmdlet, type Cmdlet } from '../cmdlet.ts'

const ownSignIn = 'administrators sign in with the administration token of the service: -AdminTokenFile'

export const connectionCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: ['Connect-AadrmService', 'Connect-AipService'],
    synopsis: 'Name the service that the following cmdlets administer',
    parameters: {
      TenantId: { kind: 'text', says: 'identifier that the service must have' },
      Credential: { kind: 'unsupported', says: ownSignIn },
      AccessToken: { kind: 'unsupported', says: ownSignIn },
      ApplicationID: { kind: 'unsupported', says: ownSignIn },
      CertificateThumbprint: { kind: 'unsupported', says: ownSignIn },
      ServicePrincipal: { kind: 'unsupported', says: ownSignIn },
      EnvironmentName: { kind: 'unsupported', says: 'the service is named by its address: -Service' },
    },
    examples: ['-Service http://127.0.0.1:8443 -AdminTokenFile tenant/admin-token', '-Data tenant'],
    run: async ({ TenantId }, { named }) => {
      const session = sessionOf(named)
      const serviceId = await withAdministration(session, async (administration) => {
        const configuration = await administration.call('getConfiguration')
        return configuration.serviceId
      })
      if (TenantId !== undefined && canonicalGuid(TenantId) !== canonicalGuid(serviceId)) {
        throw new RightsError('option-invalid', { detail: `-TenantId: the service is ${serviceId}` })
      }
      writeSession(session)
      return 'A connection to the rights management service was opened.'
    },
  }),
  defineCmdlet({
    names: ['Disconnect-AadrmService', 'Disconnect-AipService'],
    synopsis: 'Forget the service that was connected',
    run: async () => {
      forgetSession()
      return 'The connection to the rights management service was closed.'
    },
  }),
]

/** Paths hold wherever the next cmdlet is called. @throws RightsError `not-connected`, `option-invalid` */
function sessionOf({ service, adminTokenFile, data }: AdministrationOptions): AdministrationSession {
  if (service === undefined) {
    if (data === undefined) throw new RightsError('not-connected')
    return { data: resolve(data) }
  }
  if (adminTokenFile === undefined || adminTokenFile === '-') {
    throw new RightsError('option-invalid', { detail: '-AdminTokenFile names a file that later cmdlets can read' })
  }
  return { service, adminTokenFile: isAbsolute(adminTokenFile) ? adminTokenFile : resolve(adminTokenFile) }
}
