/** The REST door of a cluster of the tests. */
import { randomBytes } from 'node:crypto'
import {
  parseEndUserLicenseRequest,
  parsePublishingLicenseRequest,
  serializeLicense,
  servicesAt,
  writeDiscovery,
  writeEndUserLicenseResponse,
  writePublishingLicenseResponse,
  writeTemplates,
} from '@sealward/protocol'
import {
  element,
  parsePublishingLicense,
  parseXrmlChain,
  signPublishingLicenseOnline,
  writeContentKey,
  writeObject,
  writeOwner,
  writeRightsData,
} from '@sealward/xrml'
import { Fault, guid, rightsOf, templateId, type ClusterWorld } from './world.fixture.ts'

export async function answerRest(
  world: ClusterWorld,
  { resource, body, user }: { readonly resource: string; readonly body: string; readonly user: string },
): Promise<string> {
  const { authority, state, url } = world
  switch (resource) {
    case 'serviceDiscovery':
      return writeDiscovery(servicesAt(url, { offline: false }))
    case 'templates':
      return writeTemplates([{ id: templateId, name: 'Staff only', description: 'For staff' }])
    case 'publishingLicenses': {
      const { source, preferDeprecatedAlgorithms } = parsePublishingLicenseRequest(body)
      const mode = preferDeprecatedAlgorithms ? 'ecb' : 'cbc4k'
      const contentKey = writeContentKey(mode, randomBytes(preferDeprecatedAlgorithms ? 16 : 32))
      const owner = { idType: 'Windows', id: '', address: user }
      const contentId = guid()
      const grants =
        source.kind === 'template'
          ? []
          : source.policy.userRights.flatMap(({ users: to, rights }) => to.map((each) => ({ to: each, rights })))
      const text = await signPublishingLicenseOnline({
        issuedAt: state.now,
        licensingUrl: `${url}/_wmcs/licensing`,
        server: authority.certificate.principal,
        licensor: authority.certificate.principal,
        key: authority.handle,
        contentKey,
        work: element('WORK', {}, writeObject({ idType: 'MS-GUID', id: contentId }), writeOwner(owner)),
        rightsData: writeRightsData({ issuedAt: state.now, contentId, owner, names: [], grants }),
        random: randomBytes,
      })
      return writePublishingLicenseResponse({
        license: serializeLicense(text),
        key: { mode, key: contentKey.key },
        owner: user,
        signedApplicationData: new Map(),
        encryptedApplicationData: new Map(),
      })
    }
    default: {
      const { bytes, text } = parseEndUserLicenseRequest(body).license
      state.restLicenses.push(bytes)
      const [leaf] = parseXrmlChain(text)
      if (leaf === undefined) throw new Error('no licence')
      try {
        const { contentKey, rights } = await rightsOf(world, parsePublishingLicense(leaf), [user])
        const { mode, key } = contentKey
        return writeEndUserLicenseResponse({
          status: 'AccessGranted',
          key: { mode: mode === 'cbc4k-nopad' ? 'cbc4k' : mode, key },
          rights: rights.map(({ right }) => right),
          fromTemplate: false,
          allowOfflineAccess: false,
          signedApplicationData: new Map(),
          encryptedApplicationData: new Map(),
        })
      } catch (error) {
        if (error instanceof Fault) return writeEndUserLicenseResponse({ status: 'AccessDenied' })
        throw error
      }
    }
  }
}
