/**
 * The addresses that a server gives, in answers and in what it issues, compared with those of its configuration: inside the
 * network, and outside where it has others (fact sheet 4.1, 4.2, 4.5, 4.7, 4.8, 5.1).
 */
import { difference } from '../difference.ts'
import { certificatesIn } from '../holdings.ts'
import type { KnownServer } from '../known-server.ts'
import type { Row, Sent } from '../row.ts'
import { knownOf } from '../tester.ts'
import { clientTypes, locations, serverTypes } from './service-types.ts'

const outside = (path: string) => (known: KnownServer) =>
  known.externalBaseUrl === undefined ? undefined : `${known.externalBaseUrl}/${path}`

/** What there is an address of; of all other services there is none. */
const addressOf: Readonly<Record<string, (known: KnownServer) => string | undefined>> = {
  CertificationInternalService: ({ baseUrl }) => `${baseUrl}/certification`,
  CertificationService: outside('certification'),
  LicensingInternalService: ({ baseUrl }) => `${baseUrl}/licensing`,
  LicensingService: outside('licensing'),
}
const forClients: typeof addressOf = {
  ...addressOf,
  ActivationService: ({ baseUrl }) => `${baseUrl}/certification`,
}
const forServers: typeof addressOf = {
  ...addressOf,
  GroupExpansionService: ({ baseUrl }) => `${baseUrl}/groupexpansion/GroupExpansion.asmx`,
}

/** Type and address of each answer; null where the element is missing or nil. */
function locationsIn(answer: string): unknown {
  const found = answer.matchAll(/<ServiceLocationResponse>(?:<URL>([^<]*)<\/URL>|<URL([^>]*)\/>)?<Type>(\w+)<\/Type>/g)
  return [...found].map(([, url, empty, type]) => [
    type,
    url ?? (empty === undefined || empty.includes('nil') ? null : ''),
  ])
}

interface Place {
  readonly name: string
  readonly states: Sent['states']
}
const places: readonly Place[] = [
  { name: 'inside', states: [] },
  { name: 'outside', states: ['external-address'] },
]

const locationRows = ({ name, states = [] }: Place): readonly Row[] => [
  {
    id: `4.7/FindServiceLocationsForUser/${name}`,
    what: 'the address of every service, and none where there is none',
    operation: 'FindServiceLocationsForUser',
    sent: { ...locations(clientTypes), states },
    expected: {
      complaint: (answer, tester) =>
        difference(
          'addresses',
          locationsIn(answer),
          clientTypes.map((type) => [type, forClients[type]?.(knownOf(tester)) ?? null]),
        ),
    },
  },
  {
    id: `5.1/FindServiceLocations/${name}`,
    what: 'the address of every service, and an empty one where there is none',
    operation: 'FindServiceLocations',
    sent: { ...locations(serverTypes), states },
    expected: {
      complaint: (answer, tester) =>
        difference(
          'addresses',
          locationsIn(answer),
          serverTypes.map((type) => [type, forServers[type]?.(knownOf(tester)) ?? '']),
        ),
    },
  },
  {
    id: `4.8/GetServerInfo/ServiceLocations/${name}`,
    what: 'the address of every service, and an empty one where there is none',
    operation: 'GetServerInfo',
    sent: { parameters: { requests: { ServerInfoRequest: [{ Type: 'ServiceLocations' }] } }, states },
    expected: {
      complaint: (answer, tester) =>
        difference(
          'addresses',
          [...answer.matchAll(/<ServiceLocation Type="(\w+)" Url="([^"]*)"/g)]
            .map(([, type = '', url]) => [type, url])
            .toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
          serverTypes.toSorted().map((type) => [type, forServers[type]?.(knownOf(tester)) ?? '']),
        ),
    },
  },
]

/** Kind and address of the distribution points of the first certificate. */
function distributionPointsIn(answer: string): unknown {
  const [certificate = ''] = certificatesIn(answer)
  const found = certificate.matchAll(
    /<DISTRIBUTIONPOINT><OBJECT type="([\w-]+)">[^]*?<ADDRESS type="URL">([^<]*)<[^]*?<\/DISTRIBUTIONPOINT>/g,
  )
  return [...found].map(([, kind, url]) => [kind, url])
}

const licensing = ['License-Acquisition-URL', 'Extranet-License-Acquisition-URL', 'licensing'] as const
const issued = [
  ['4.1/Certify', 'Certify', ['Activation', 'Extranet-Activation', 'certification']],
  ['4.2/GetClientLicensorCert', 'GetClientLicensorCert', licensing],
  ['4.5/AcquireIssuanceLicense', 'AcquireIssuanceLicense', licensing],
] as const

const issuedRows = ({ name, states = [] }: Place): readonly Row[] =>
  issued.map(([section, operation, [internal, external, path]]) => ({
    id: `${section}/addresses-${name}`,
    what: 'the addresses in what is issued',
    operation,
    sent: { states },
    expected: {
      complaint: (answer, tester) => {
        const known = knownOf(tester)
        const url = outside(path)(known)
        return difference('addresses', distributionPointsIn(answer), [
          [internal, `${known.baseUrl}/${path}`],
          ...(url === undefined ? [] : [[external, url]]),
        ])
      },
    },
  }))

export const addressRows: readonly Row[] = places.flatMap((place) => [...locationRows(place), ...issuedRows(place)])
