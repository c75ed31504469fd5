/** A trusted user domain that is to be imported: read and checked here, so that a plan can be shown. */
import { checkTud, readTud } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import type { Administration, AdminCall } from '../connection/administration.ts'
import { trustedRoots, type TrustOptions } from './trusted-roots.ts'

type ImportRequest = AdminCall<'importUserDomain'>['body']

export interface UserDomainInput {
  readonly file: Uint8Array
  readonly displayName: string
  readonly mailDomains: readonly string[]
  readonly federatedUsers: boolean
}

/** @throws RightsError of `readTud` and `checkTud` */
export function readUserDomainImport(
  { file, displayName, mailDomains, federatedUsers }: UserDomainInput,
  { trust, now }: { readonly trust: TrustOptions; readonly now: Date },
): { readonly plan: readonly string[]; readonly request: ImportRequest } {
  const texts = readTud(file)
  const anchors = trustedRoots(texts, trust)
  const { licensor, mode } = checkTud(texts, { anchors, now })
  const { publicKey, object } = licensor.principal
  const federated = federatedUsers ? ', accounts of tenants and of federated sign-in included' : ''
  return {
    plan: [
      `accept people of ${displayName} (${object.name ?? object.id}, key ${publicKey.fingerprint}, mode ${mode.number})`,
      `their mail domains: ${mailDomains.join(', ')}${federated}`,
    ],
    request: {
      file: Buffer.from(file).toString('base64'),
      displayName,
      mailDomains: [...mailDomains],
      federatedUsers,
      trustedRoots: anchors.map(({ fingerprint }) => fingerprint),
    },
  }
}

/** The one of the active key, which is the first of the list. @throws RightsError `no-active-key` */
export async function ownUserDomain(administration: Administration): Promise<string> {
  const [own] = (await administration.call('listUserDomains')).filter((each) => each.own)
  if (own === undefined) throw new RightsError('no-active-key')
  return own.id
}
