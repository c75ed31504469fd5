/** Security processor certificate (SPC, MS-RMPR 2.2.9.4): the identity of a client machine, made by the client itself. */
import type { KeyHandle } from '../crypto/key-handle.ts'
import type { HashName } from '../crypto/modes.ts'
import type { PublicKey } from '../crypto/public-key.ts'
import type { XrmlDocument } from '../document.ts'
import { writeDistributionPoint } from '../elements/distribution-point.ts'
import { writeObject } from '../elements/object.ts'
import { parseIssuedPrincipal, parseIssuer, securityLevel, writeSecurityLevels } from '../elements/principal.ts'
import type { KeyedPrincipal } from '../elements/principal.ts'
import { writePublicKey } from '../elements/public-key.ts'
import { writeTime } from '../elements/times.ts'
import { lastVersion } from '../elements/version.ts'
import { RightsError } from '../errors/rights-error.ts'
import { signXrml } from '../signature.ts'
import { element, textElement } from '../text/writer.ts'
import { issuerOf, parseIssuedTime } from './issuing-certificate.ts'

export interface MachineCertificate {
  readonly document: XrmlDocument
  readonly issuedAt: Date
  readonly issuer: KeyedPrincipal
  readonly principal: KeyedPrincipal
  /** Security processor version, for exclusion; the last dotted version in `Repository`. */
  readonly version: string | undefined
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parseMachineCertificate(document: XrmlDocument): MachineCertificate {
  if (document.type !== 'machine-certificate') {
    throw new RightsError('xrml-malformed', { detail: `${document.type} where a machine certificate belongs` })
  }
  const principal = parseIssuedPrincipal(document.body)
  return {
    document,
    issuedAt: parseIssuedTime(document.body),
    issuer: parseIssuer(document.body),
    principal,
    version: lastVersion(securityLevel(principal, 'Repository') ?? ''),
  }
}

/** Manufacturer, platform and repository that certificates of this product's clients state. */
const clientLevels = [
  { name: 'Platform', value: '1.0.0.0' },
  { name: 'Manufacturer', value: 'Sealward client 1.0.0.0' },
  { name: 'Repository', value: 'Sealward client store 1.0.0.0' },
] as const

export interface IssueMachineCertificateInput {
  readonly certificateId: string
  readonly machineId: string
  readonly issuedAt: Date
  readonly issuer: KeyedPrincipal
  readonly machineKey: PublicKey
  readonly key: KeyHandle
  readonly hash: HashName
}

/** Issues an SPC below an issuer of our own hierarchy; genuine servers accept only those of the Windows client. */
export async function issueMachineCertificate(input: IssueMachineCertificateInput): Promise<string> {
  const machine = writeObject({
    type: 'Machine-Unique-Identifier',
    idType: 'MS-GUID',
    id: input.machineId,
    name: 'Machine',
  })
  const body = element(
    'BODY',
    { type: 'LICENSE', version: '3.0' },
    textElement('ISSUEDTIME', {}, writeTime(input.issuedAt)),
    element(
      'DESCRIPTOR',
      {},
      writeObject({
        type: 'Machine-Certificate',
        idType: 'MS-GUID',
        id: input.certificateId,
        name: 'Microsoft Machine-Certificate',
      }),
    ),
    issuerOf(input.issuer),
    writeDistributionPoint('Machine-Activation', 'file:///rmactivate.exe'),
    element(
      'ISSUEDPRINCIPALS',
      {},
      element('PRINCIPAL', {}, machine, writePublicKey(input.machineKey), writeSecurityLevels(clientLevels)),
    ),
  )
  // As Windows clients write it: their own order outside, the servers' order in the signature.
  return signXrml({ body, key: input.key, hash: input.hash, order: 'server', attributeOrder: 'client' })
}
