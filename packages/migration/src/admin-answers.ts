/** The answers of the administration, read strictly where they are used and indifferently elsewhere. */
import type {
  DecisionPreview,
  ImportedDomain,
  IssuedLicensor,
  OnboardingPolicy,
  RequestPage,
  ServiceConfiguration,
  ServiceKeySummary,
  ServiceState,
  SuperUserList,
  TemplateSummary,
  TrustedUserDomain,
} from './admin-api.ts'
import { anyText, flag, listOf, oneOf, openRecord, wholeNumber, type Shape } from './project/shape.ts'

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER)
const mode = oneOf(1, 2)
const state: Shape<ServiceState> = oneOf(
  'serving',
  'read-only',
  'decommissioned',
  'not-activated',
  'enabled',
  'disabled',
)
const policy = openRecord(
  { useLicense: flag, scope: oneOf('All', 'WindowsApp', 'MobileApp') },
  { group: anyText },
) satisfies Shape<OnboardingPolicy>

export const configurationAnswer: Shape<ServiceConfiguration> = openRecord(
  {
    personality: oneOf('cluster', 'tenant'),
    serviceId: anyText,
    state,
    publicUrl: anyText,
    licensingUrl: anyText,
    certificationUrl: anyText,
    hostNames: listOf(anyText),
    keys: count,
    templates: count,
    superUsersEnabled: flag,
    version: anyText,
  },
  {
    externalLicensingUrl: anyText,
    activeKey: anyText,
    onboarding: policy,
    maxUseLicenseDays: count,
    migrationUrl: anyText,
    readOnly: openRecord({}, { everyone: flag, group: anyText }),
  },
)

export const stateAnswer: Shape<{ readonly previous: ServiceState }> = openRecord({ previous: state })

export const keysAnswer: Shape<readonly ServiceKeySummary[]> = listOf(
  openRecord(
    {
      id: anyText,
      state: oneOf('pending', 'active', 'archived'),
      origin: anyText,
      mode,
      bits: count,
      root: anyText,
      createdAt: anyText,
      templates: count,
      licensingUrls: listOf(anyText),
    },
    { name: anyText, friendlyName: anyText, url: anyText, activatedAt: anyText },
  ),
)

export const importAnswer: Shape<ImportedDomain> = openRecord({
  keyId: anyText,
  mode,
  active: flag,
  templates: listOf(openRecord({ id: anyText, name: anyText, anyone: listOf(anyText) })),
  warnings: listOf(anyText),
})

export const keyIdAnswer: Shape<{ readonly keyId: string }> = openRecord({ keyId: anyText })
export const activationAnswer: Shape<{ readonly replaced?: string }> = openRecord({}, { replaced: anyText })
export const fileAnswer: Shape<{ readonly file: string }> = openRecord({ file: anyText })
export const nothing: Shape<undefined> = () => undefined

export const templatesAnswer: Shape<readonly TemplateSummary[]> = listOf(
  openRecord(
    {
      id: anyText,
      origin: anyText,
      state: oneOf('published', 'archived'),
      names: listOf(openRecord({ lcid: count, name: anyText, description: anyText })),
      grants: listOf(openRecord({ to: anyText, rights: listOf(anyText) })),
      issuedAt: anyText,
      hash: anyText,
    },
    {
      expiry: openRecord({}, { onDate: anyText, afterDays: count }),
      licenseValidityDays: wholeNumber(-1, 100_000),
      referral: anyText,
    },
  ),
)

/** Without a group and without the licence condition there is no policy. */
export const onboardingAnswer: Shape<OnboardingPolicy | undefined> = (value, place) => {
  const read = policy(value, place)
  return read.group === undefined && !read.useLicense ? undefined : read
}

export const superUsersAnswer: Shape<SuperUserList> = openRecord(
  { enabled: flag, users: listOf(anyText) },
  { group: anyText },
)

export const userDomainsAnswer: Shape<readonly TrustedUserDomain[]> = listOf(
  openRecord({ id: anyText, own: flag, displayName: anyText, mailDomains: listOf(anyText), federatedUsers: flag }),
)

export const requestsAnswer: Shape<RequestPage> = openRecord(
  {
    rows: listOf(
      openRecord({
        sequence: count,
        hostMachineName: anyText,
        requestTime: anyText,
        requestPath: anyText,
        requestType: anyText,
        requestUserAddress: anyText,
        requestUserAgent: anyText,
        authenticatedState: anyText,
        secureConnectionState: anyText,
        authenticatedId: anyText,
        successOrFailure: oneOf('Succeeded', 'Failed'),
        metadata: openRecord(
          {},
          {
            result: anyText,
            contentId: anyText,
            issuerKey: anyText,
            templateId: anyText,
            owner: anyText,
            host: anyText,
            url: anyText,
          },
        ),
      }),
    ),
  },
  { next: count },
)

export const licensorsAnswer: Shape<readonly IssuedLicensor[]> = listOf(
  openRecord({ user: anyText, keyId: anyText, issuedAt: anyText, validUntil: anyText }),
)

export const decisionAnswer: Shape<DecisionPreview> = openRecord(
  { granted: flag },
  { ground: anyText, rights: listOf(anyText), reason: anyText },
)

/** How every operation refuses. */
export const errorAnswer = openRecord({ error: openRecord({ code: anyText }, { detail: anyText }) })
