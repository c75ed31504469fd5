/**
 * The pseudo group of a tenant: every enabled person of the directory with an address in one of its domains. It stands in
 * templates like the address of a group, with any of the domains; nobody keeps its members.
 */
import { mailDomainOf } from './address.ts'
import type { Cluster, DirectoryUser } from './ports.ts'

const localPart = 'AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66'

/** Its address in the first domain; undefined for a service without domains. */
export function allStaffAddress({ domains }: Pick<Cluster, 'domains'>): string | undefined {
  const [initial] = domains
  return initial === undefined ? undefined : `${localPart}@${initial}`
}

/** The addresses of the pseudo group if the person belongs to it: one domain stands for all. */
export function allStaffGroups(
  { domains }: Pick<Cluster, 'domains'>,
  { address, aliases }: Pick<DirectoryUser, 'address' | 'aliases'>,
): readonly string[] {
  const belongs = [address, ...aliases].some((each) => domains.includes(mailDomainOf(each)))
  return belongs ? domains.map((domain) => `${localPart.toLowerCase()}@${domain}`) : []
}
