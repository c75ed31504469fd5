/** The parameters of each operation as a generated client takes them, from what a row says is wrong with the call. */
import { parsePublishingLicense, parseXrml } from '@sealward/xrml'
import { accountChain } from './forge/account-chain.ts'
import { draft } from './forge/draft.ts'
import { machineChain } from './forge/machine-chain.ts'
import { publishingLicense } from './forge/publishing-license.ts'
import { keyPair } from './forge/strangers.ts'
import type { Holdings } from './holdings.ts'
import { inline } from './call-markup.ts'
import type { Sent } from './row.ts'
import { held } from './tester.ts'

/** Nothing under that name, if the row says that it is missing. */
async function unlessMissing<Name extends string>(
  name: Name,
  flaws: { readonly missing?: boolean } | undefined,
  chain: () => Promise<unknown>,
): Promise<{ readonly [Key in Name]?: unknown }> {
  return flaws?.missing === true ? {} : ({ [name]: await chain() } as { readonly [Key in Name]: unknown })
}

type Parameters = (holdings: Holdings, sent: Sent) => Promise<object>

const repeated = <Item>(item: Item, { times = 1 }: Sent): readonly Item[] => Array.from({ length: times }, () => item)

const usual: Readonly<Record<string, Parameters>> = {
  Certify: async ({ tester }, { machine, temporary }) => ({
    requestParams: {
      ...(await unlessMissing('MachineCertificateChain', machine, async () =>
        inline(await machineChain(tester, machine)),
      )),
      Persistent: temporary !== true,
    },
  }),
  GetClientLicensorCert: async (holdings, { account }) => ({
    RequestParams: {
      GetClientLicensorCertParams: [
        await unlessMissing('PersonaCerts', account, async () => inline(await accountChain(holdings, account))),
      ],
    },
  }),
  AcquireLicense: async (holdings, sent) => {
    const { account, license, applicationDataBytes } = sent
    const item = {
      ...(await unlessMissing('LicenseeCerts', account, async () => inline(await accountChain(holdings, account)))),
      ...(await unlessMissing('IssuanceLicense', license, async () =>
        inline(await publishingLicense(holdings, license)),
      )),
      ...(applicationDataBytes === undefined
        ? {}
        : { ApplicationData: { $xml: `<d>${'x'.repeat(applicationDataBytes - '<d></d>'.length)}</d>` } }),
    }
    return { RequestParams: { AcquireLicenseParams: repeated(item, sent) } }
  },
  AcquireIssuanceLicense: async (holdings, sent) => ({
    RequestParams: {
      AcquireIssuanceLicenseParams: [
        await unlessMissing('UnsignedIssuanceLicense', sent.draft, async () => ({
          $xml: await draft(holdings, sent.draft),
        })),
      ],
    },
  }),
  EditIssuanceLicense: async (holdings, { license, draft: flaws }) => {
    const [signed = ''] = await publishingLicense(holdings, license)
    const contentId = parsePublishingLicense(parseXrml(signed)).work.object.id
    return {
      RequestParams: {
        EditIssuanceLicenseParams: {
          ...(await unlessMissing('SignedIssuanceLicense', license, async () => ({ $xml: signed }))),
          ...(await unlessMissing('UnsignedIssuanceLicense', flaws, async () => ({
            $xml: await draft(holdings, flaws, contentId),
          }))),
        },
      },
    }
  },
  AcquireContentKey: async (holdings, { license }) => ({
    paramsSoap: {
      AcquireContentKeyParams: [{ IssuanceLicense: inline(await publishingLicense(holdings, license)) }],
    },
  }),
  AcquirePreLicense: async (holdings, { license, licensees = 2 }) => ({
    RequestParams: {
      AcquirePreLicenseParams: [
        {
          LicenseeIdentities: {
            string: [holdings.tester.user.address, ...repeated('nobody@nowhere.example', { times: licensees - 1 })],
          },
          IssuanceLicense: inline((await publishingLicense(holdings, license)).slice(0, 2)),
        },
      ],
    },
  }),
  SubEnroll: async ({ tester }) => {
    const { key } = held(tester.licensor, 'the size of the keys of the server is not known')
    const { handle } = await keyPair('enrollee', key.publicKey.bits)
    const aPublicKeyBytes = handle.publicKey.keyObject.export({ format: 'der', type: 'pkcs1' }).toString('base64')
    return {
      oInput: {
        CertificatePublicKey: { aPublicKeyBytes, Guid: '5b0c7f0e-6d0c-4d0a-9b1d-3f1f6a2c8e10' },
        EnrolleeInformation: {
          SKU: 'RMS',
          Version: '6.0.0.0',
          Name: 'Harbour',
          URL: 'https://rms.harbour.example/_wmcs',
        },
      },
    }
  },
  Precertify: async ({ tester, account }, { disagreeing }) => {
    if (disagreeing !== true) return { requestParams: { PrecertifyParams: [{ UserName: tester.user.address }] } }
    const UserName = held(tester.admitted, 'no account that is named for the closed endpoints').address
    const { id: Id } = (await account()).certificate.principal.object
    const user = { UserName, Identification: { AuthenticationMode: 'Windows', Id } }
    return { requestParams: { PrecertifyParams: [user] } }
  },
  AcquireTemplateInformation: async () => ({}),
  AcquireTemplates: async () => ({ guids: { string: ['{00000000-0000-0000-0000-000000000001}'] } }),
  FindServiceLocationsForUser: async () => ({
    ServiceNames: { ServiceLocationRequest: [{ Type: 'LicensingInternalService' }] },
  }),
  FindServiceLocations: async () => ({
    ServiceNames: { ServiceLocationRequest: [{ Type: 'LicensingInternalService' }] },
  }),
  GetServerInfo: async () => ({ requests: { ServerInfoRequest: [{ Type: 'VersionInfo' }] } }),
  GetLicensorCertificate: async () => ({}),
  IsPrincipalMemberOf: async ({ tester }) => ({
    principalName: tester.user.address,
    principalCrossForest: tester.user.address,
    targetGroups: { string: ['nobody@nowhere.example'] },
    crossForestCallsSoFar: 0,
  }),
}

export const operationNames = Object.keys(usual)

/** @throws NotApplicable if the tester lacks what the call needs */
export async function parametersOf(operation: string, holdings: Holdings, sent: Sent): Promise<object> {
  return sent.parameters ?? sent.parametersFrom?.(holdings.tester) ?? (await usual[operation]?.(holdings, sent)) ?? {}
}
