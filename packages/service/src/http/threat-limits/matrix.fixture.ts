/**
 * For tests: every limit at every door. A limit that a door cannot reach has the reason here; a new door or limit is in
 * none of these lists, so it is missing.
 */
import { limitNames, type LimitName } from '../../core/limits.ts'
import { doorNames, jsonDoors, soapDoors, type DoorName } from './doors.fixture.ts'

export type LimitRow = LimitName | 'compressedBodies' | 'groupSeconds' | 'outboundRedirects'

export const limitRows: readonly LimitRow[] = [...limitNames, 'compressedBodies', 'groupSeconds', 'outboundRedirects']

interface Reason {
  readonly doors: readonly DoorName[]
  readonly why: string
}

const licensing = ['SOAP LicensingService', 'SOAP DecommissionService'] as const
const bodyless = { doors: ['pages'], why: 'has no body' } as const
const openid = {
  doors: ['openid'],
  why: 'only forms of the provider, within the limit of other bodies',
} as const
const unread = { doors: ['SOAP without service'], why: 'refuses before it reads anything' } as const
const noXml = [
  bodyless,
  openid,
  unread,
  { doors: jsonDoors, why: 'XML comes only in licences: REST licences, revocations' },
] as const
const noJson = [bodyless, openid, unread, { doors: soapDoors, why: 'speaks XML' }] as const
const noLicense = {
  doors: ['SOAP without service', 'machine', 'openid', 'pages'],
  why: 'no licence comes here',
} as const

const except = (all: readonly DoorName[], ...asked: readonly DoorName[]): readonly DoorName[] =>
  all.filter((door) => !asked.includes(door))

const carriesNone = (why: string, ...asked: readonly DoorName[]): readonly Reason[] => [
  { doors: except([...soapDoors, ...jsonDoors], ...asked), why },
  noLicense,
]
const ofOutgoing: readonly Reason[] = [
  {
    doors: [...soapDoors, ...jsonDoors, 'SOAP without service', 'openid', 'pages'],
    why: 'of what the service asks, whichever door made it ask: auth/issuer-keys/discovery.test.ts, forests/open-forest.test.ts',
  },
]
const ofAnyConnection: readonly Reason[] = []

/** Why a limit is not asked at a door. */
const reasons: Readonly<Record<LimitRow, readonly Reason[]>> = {
  bodyBytes: [
    { doors: [...licensing, 'REST licences', 'revocations', 'administration'], why: 'has the limit for licences' },
    bodyless,
  ],
  soapLicenseBodyBytes: [
    {
      doors: except([...soapDoors, ...jsonDoors], ...licensing, 'administration'),
      why: 'has the limit of other bodies',
    },
    unread,
    openid,
    bodyless,
  ],
  restLicenseBodyBytes: [
    { doors: except([...soapDoors, ...jsonDoors], 'REST licences', 'revocations'), why: 'has another limit' },
    unread,
    openid,
    bodyless,
  ],
  headerSeconds: ofAnyConnection,
  bodySeconds: [bodyless],
  idleSeconds: ofAnyConnection,
  publishingLicenseBytes: carriesNone(
    'no publishing licence comes here, or as a draft within a body of one MiB',
    ...licensing,
    'REST licences',
    'revocations',
  ),
  licenseeCertificateBytes: carriesNone(
    'no certificate of a reader comes here',
    'SOAP LicensingService',
    'SOAP PublishingService',
  ),
  applicationDataBytes: carriesNone('no application data is read here', 'SOAP LicensingService', 'REST'),
  chainCertificates: carriesNone(
    'no chain comes here, or only its first certificates are looked at',
    'SOAP LicensingService',
    'SOAP CertificationService',
    'REST licences',
    'revocations',
  ),
  xmlDepth: noXml,
  xmlAttributes: noXml,
  xmlElements: noXml,
  characterReferences: noXml,
  jsonDepth: noJson,
  itemsPerCall: [
    {
      doors: [
        'SOAP EditIssuanceLicenseService',
        'SOAP SubEnrollmentService',
        'SOAP TemplateDistributionService',
        'SOAP GroupExpansionWebService',
        ...jsonDoors,
      ],
      why: 'one item a call, or a number of its own: 25 templates, 1,000 groups, 1,000 entries',
    },
    noLicense,
  ],
  itemsAtOnce: [
    {
      doors: except([...soapDoors, ...jsonDoors], 'SOAP LicensingService', 'SOAP PublishingService'),
      why: 'one item is worked on',
    },
    noLicense,
  ],
  rightsEntries: carriesNone(
    'no policy comes here',
    'SOAP LicensingService',
    'SOAP PublishingService',
    'REST licences',
    'REST',
    'revocations',
    'administration',
  ),
  templates: [{ doors: except(doorNames, 'administration'), why: 'no template comes here' }],
  groupDepth: groupsOf(),
  groups: groupsOf(),
  groupSeconds: [
    {
      doors: [...soapDoors, ...jsonDoors, 'SOAP without service', 'openid', 'pages'],
      why: 'of the question to the directory, whichever door asks: directory/ldap/outage.test.ts',
    },
  ],
  outboundSeconds: ofOutgoing,
  outboundBytes: ofOutgoing,
  outboundRedirects: ofOutgoing,
  compressedBodies: [bodyless],
}

function groupsOf(): readonly Reason[] {
  const asked = ['SOAP LicensingService', 'SOAP GroupExpansionWebService', 'REST licences', 'revocations'] as const
  return [
    {
      doors: except([...soapDoors, ...jsonDoors], ...asked),
      why: 'decides about nobody who is in groups, or as the others do',
    },
    noLicense,
  ]
}

export function reasonFor(row: LimitRow, door: DoorName): string | undefined {
  return reasons[row].find(({ doors }) => doors.includes(door))?.why
}
