/** Which key issued the publishing certificates that people hold: how far a change of the key has come. */
import type { IssuedClientLicensor } from '../../core/store.ts'
import { loadConfiguration } from '../../core/load-configuration.ts'
import { knownAddress } from '../../core/address.ts'
import type { AdministrationContext } from '../change.ts'
import { findKey } from '../keys.ts'

/** The newest certificate per user and key. @throws RightsError `key-unknown` */
export async function listIssuedClientLicensors(
  { store }: AdministrationContext,
  wanted: { readonly keyId?: string | undefined; readonly user?: string | undefined } = {},
): Promise<readonly IssuedClientLicensor[]> {
  return store.transaction(async (repositories) => {
    const keyId =
      wanted.keyId === undefined ? undefined : findKey(await loadConfiguration(repositories), wanted.keyId).id
    const user = wanted.user === undefined ? undefined : (knownAddress(wanted.user) ?? '')
    const all = await repositories.clientLicensors.list()
    return all.filter(
      (issued) => (keyId === undefined || issued.keyId === keyId) && (user === undefined || issued.address === user),
    )
  })
}
