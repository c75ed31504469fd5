/** For tests: a request of every SOAP operation that somebody entitled is answered. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { SoapOperationName, SoapRequestOf } from '@sealward/protocol'
import { draftFor, type TestClient, type TestDocument } from './test-client.ts'
import { addressOf, type Person, type TestOrganisation } from './test-organisation.ts'

export interface AskedWith {
  readonly organisation: Pick<TestOrganisation, 'templateId'>
  /** Whose certificates go into the requests. */
  readonly client: TestClient
  readonly document: TestDocument
  /** Published, and its author lets servers edit it; with a new policy for it. */
  readonly editable: SoapRequestOf<'EditIssuanceLicense'>
  /** About whom servers ask. */
  readonly asker: Person
}

export function soapRequests({ client, document, organisation, editable, asker }: AskedWith): {
  readonly [Name in SoapOperationName]: SoapRequestOf<Name>
} {
  return {
    AcquireContentKey: { issuanceLicense: document.chain },
    AcquireIssuanceLicense: { requests: [{ unsignedIssuanceLicense: draftFor(client).draft }] },
    AcquireLicense: { requests: [{ licenseeCertificates: client.accountChain, issuanceLicense: document.chain }] },
    AcquirePreLicense: {
      requests: [{ licenseeIdentities: [addressOf(asker)], issuanceLicense: document.chain }],
    },
    AcquireTemplateInformation: {},
    AcquireTemplates: { guids: [organisation.templateId] },
    Certify: { machineCertificateChain: client.machineChain, persistent: true },
    EditIssuanceLicense: editable,
    FindServiceLocations: { serviceTypes: ['LicensingService'] },
    FindServiceLocationsForUser: { serviceTypes: ['LicensingService'] },
    GetClientLicensorCert: { requests: [{ personaCertificates: client.accountChain }] },
    GetLicensorCertificate: {},
    GetServerInfo: { requests: [{ type: 'VersionInfo' }] },
    IsPrincipalMemberOf: {
      principalName: addressOf(asker),
      principalCrossForest: addressOf(asker),
      targetGroups: ['sales@lakeside.example'],
      crossForestCallsSoFar: 0,
    },
    Precertify: { userName: addressOf(asker) },
    SubEnroll: enrolment(),
  }
}

function enrolment(): SoapRequestOf<'SubEnroll'> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    publicKey: publicKey.export({ format: 'der', type: 'pkcs1' }),
    guid: randomUUID(),
    url: 'https://legal.lakeside.example/_wmcs',
  }
}
