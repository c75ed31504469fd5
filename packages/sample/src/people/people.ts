/**
 * The invented people of Lakeside. Among them everything that goes wrong with identities in old licences: a changed name
 * that lives on as an alias, an account moved from another domain, somebody who left, and a partner of another organisation.
 */

export interface SamplePerson {
  readonly name: string
  /** Primary mail address. */
  readonly address: string
  readonly aliases: readonly string[]
  readonly sid: string
  readonly sidHistory: readonly string[]
  readonly disabled: boolean
}

const domainSid = 'S-1-5-21-1085031214-725345543-1417001333'
const formerDomainSid = 'S-1-5-21-602162358-1563985344-839522115'
const partnerSid = 'S-1-5-21-2025429265-1580818891-854245398'

interface PersonFields {
  readonly name: string
  readonly address: string
  readonly rid: number
  readonly aliases?: readonly string[]
  readonly formerRid?: number
  readonly disabled?: boolean
}

function newPerson({ name, address, rid, aliases, formerRid, disabled }: PersonFields): SamplePerson {
  const isPartner = address.endsWith('@riverbank.example')
  return {
    name,
    address,
    aliases: aliases ?? [],
    sid: `${isPartner ? partnerSid : domainSid}-${rid}`,
    sidHistory: formerRid === undefined ? [] : [`${formerDomainSid}-${formerRid}`],
    disabled: disabled ?? false,
  }
}

export const samplePeople: readonly SamplePerson[] = [
  newPerson({
    name: 'Anna Berg',
    address: 'anna.berg@lakeside.example',
    rid: 1104,
    aliases: ['anna@lakeside.example'],
  }),
  newPerson({ name: 'Emma Lund', address: 'emma.lund@lakeside.example', rid: 1105 }),
  newPerson({ name: 'Jonas Weiss', address: 'jonas.weiss@lakeside.example', rid: 1106, formerRid: 1311 }),
  newPerson({ name: 'Marta Kowal', address: 'marta.kowal@lakeside.example', rid: 1107 }),
  newPerson({ name: 'Li Chen', address: 'li.chen@lakeside.example', rid: 1108 }),
  newPerson({ name: 'Omar Haddad', address: 'omar.haddad@lakeside.example', rid: 1109 }),
  newPerson({ name: 'Sofia Rossi', address: 'sofia.rossi@lakeside.example', rid: 1110 }),
  newPerson({
    name: 'Ruth Adler',
    address: 'ruth.adler@lakeside.example',
    rid: 1111,
    aliases: ['ruth.meier@lakeside.example'],
  }),
  newPerson({ name: 'Tomas Novak', address: 'tomas.novak@lakeside.example', rid: 1112 }),
  newPerson({ name: 'Ines Duarte', address: 'ines.duarte@lakeside.example', rid: 1113 }),
  newPerson({ name: 'David Okafor', address: 'david.okafor@lakeside.example', rid: 1114 }),
  newPerson({ name: 'Peter Stone', address: 'peter.stone@lakeside.example', rid: 1115, disabled: true }),
  newPerson({ name: 'Nina Brandt', address: 'nina.brandt@riverbank.example', rid: 2201 }),
]

/** @param address primary address */
export function samplePerson(address: string): SamplePerson {
  const found = samplePeople.find((candidate) => candidate.address === address)
  if (found === undefined) throw new RangeError(`no person ${address} in the sample`)
  return found
}

/** Every address of a person, as policies may name it. */
export function addressesOf(person: SamplePerson): readonly string[] {
  return [person.address, ...person.aliases]
}
