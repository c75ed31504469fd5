/** GetServerInfo: what the server says about itself. It is public. */
import type { ServerInfo, ServerInfoType } from '@sealward/protocol'
import { serverInfo } from '../../../core/service-locations.ts'
import type { SoapHandler } from '../handler.ts'

export const answerGetServerInfo: SoapHandler<'GetServerInfo'> = async ({ context, request }) => {
  const known = await serverInfo(context)
  return { results: request.requests.map(({ type }) => partOf(known, type)) }
}

function partOf(known: Awaited<ReturnType<typeof serverInfo>>, type: ServerInfoType): ServerInfo {
  switch (type) {
    case 'VersionInfo':
      return { type, version: known.version }
    case 'ServerFeatureInfo':
      return { type, features: known.features }
    case 'ServerLicensorCertificate':
      return { type, certificateChain: known.licensorChain }
    case 'ServiceLocations':
      return { type, locations: known.locations.map((location) => ({ type: location.type, url: location.url ?? '' })) }
  }
}
