/**
 * Service discovery on a name that several services share: an address, a licensing URL and, before anybody has signed in,
 * two headers from the licence say whose service is meant, and so which authority the challenge names. All that is said
 * must lead to one and the same service (threat P13).
 */
import { matchRestTarget, parseDiscoveryQuery, parseLicenseHint, type HeaderValues } from '@sealward/protocol'
import { isRightsError } from '@sealward/xrml'
import { knownAddress, mailDomainOf } from '../../core/address.ts'
import type { Resident } from '../resident.ts'
import type { ResidentNames } from '../resident-names.ts'

interface Building {
  readonly residents: readonly Resident[]
  readonly names: ResidentNames
}

/** @param target of the request @returns undefined where nobody is meant, or more than one */
export async function discoveredTenant(
  building: Building,
  target: string,
  headers: HeaderValues,
): Promise<Resident | undefined> {
  const matched = matchRestTarget(target)
  if (matched?.resource !== 'serviceDiscovery') return undefined
  const { licensorKey, serviceUrl } = parseLicenseHint(headers)
  const candidates: readonly (readonly Resident[])[] = [
    await ofQuery(building, matched.query),
    ...(serviceUrl === undefined ? [] : [await ofUrl(building, serviceUrl)]),
    ...(licensorKey === undefined ? [] : [await ofKey(building, licensorKey)]),
  ]
  const meant = building.residents.filter((resident) => candidates.every((list) => list.includes(resident)))
  return meant.length === 1 ? meant[0] : undefined
}

async function ofQuery(building: Building, query: string): Promise<readonly Resident[]> {
  try {
    const subject = parseDiscoveryQuery(query)
    return subject.kind === 'email' ? ofAddress(building, subject.email) : await ofUrl(building, subject.url)
  } catch (error) {
    if (isRightsError(error)) return []
    throw error
  }
}

/** The service of the mail domain; of the nearest one above it, as clients search for a record in DNS. */
function ofAddress({ residents }: Building, email: string): readonly Resident[] {
  const address = knownAddress(email)
  if (address === undefined) return []
  const labels = mailDomainOf(address).split('.')
  for (let first = 0; first < labels.length - 1; first++) {
    const domain = labels.slice(first).join('.')
    const owners = residents.filter(({ domains }) => domains.includes(domain))
    if (owners.length > 0) return owners
  }
  return []
}

async function ofUrl({ names }: Building, url: string): Promise<readonly Resident[]> {
  if (!URL.canParse(url)) return []
  const owner = await names.ownerOf(new URL(url).host)
  return owner === undefined ? [] : [owner]
}

/** @param modulus little-endian, as licences have it */
async function ofKey({ residents }: Building, modulus: Uint8Array): Promise<readonly Resident[]> {
  const wanted = Buffer.from(modulus).reverse()
  const holding = await Promise.all(
    residents.map(async ({ lastConfiguration }) =>
      [...((await lastConfiguration())?.keys.values() ?? [])].some(({ licensor }) =>
        wanted.equals(licensor.principal.publicKey.modulus),
      ),
    ),
  )
  return residents.filter((_, index) => holding[index])
}
