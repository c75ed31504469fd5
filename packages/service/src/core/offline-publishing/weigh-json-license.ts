/** The evaluation of a licence in JSON: a template decides in its present version, else the rights that the publisher gave. */
import type { JsonLicense, OfflinePolicy } from '@sealward/protocol'
import {
  anyone,
  canonicalGuid,
  noTimes,
  owner as ownerName,
  type EntryPrincipal,
  type RightsEntry,
  type RightsPolicy,
} from '@sealward/xrml'
import { decideAcrossForests } from '../acquire-license/decide-across-forests.ts'
import type { CurrentPolicy } from '../acquire-license/open-license.ts'
import type { Evaluation } from '../acquire-license/evaluate-license.ts'
import type { WeighedLicense } from '../acquire-license/weighed-license.ts'
import { currentTemplate, type Configuration, type ServiceKey } from '../configuration.ts'
import { excludableReader, requireNotExcluded } from '../exclusion.ts'
import type { CoreContext } from '../ports.ts'
import { noLicenseCache } from '../publish/rights-data.ts'
import type { Reader } from '../resolve-principal.ts'
import { openJsonLicense, verifyJsonLicense } from './open-json-license.ts'

/** @throws RightsError `account-excluded`, the codes of verifyJsonLicense and openJsonLicense */
export async function weighJsonLicense(
  context: CoreContext,
  configuration: Configuration,
  reader: Reader,
  license: JsonLicense,
): Promise<Evaluation<WeighedLicense>> {
  requireNotExcluded(configuration, excludableReader(reader))
  const { publisher, key } = await verifyJsonLicense(context, configuration, license)
  const { contentKey, policy } = await openJsonLicense(context, license, publisher, reader.id)
  const current = policyNow(configuration, license, policy, key)
  const owner = publisher.address
  const publishedAt = license.validity.from
  return {
    license: {
      issuedAt: publishedAt,
      validity: undefined,
      distributionPoints: [{ type: 'License-Acquisition-URL', url: license.licensingUrl, raw: '' }],
      work: { object: { id: license.id }, refresh: [] },
      applicationData: [...license.signedApplicationData].map(([name, value]) => ({ name, value })),
    },
    key,
    issuer: [owner],
    ...current,
    configuration,
    reader,
    opened: { contentKey, bound: true },
    owner,
    decision: await decideAcrossForests(context, reader.address, {
      policy: current.policy,
      principal: reader.principal,
      owner,
      issuer: [owner],
      publishedAt,
      now: context.clock.now(),
    }),
    licenseId: context.random.guid(),
  }
}

/** A template that is gone leaves the document to its owner: the licence holds no copy of it. */
function policyNow(
  configuration: Configuration,
  license: JsonLicense,
  { source }: OfflinePolicy,
  key: ServiceKey,
): CurrentPolicy {
  if (source.kind === 'policy') {
    return { policy: writtenPolicy(license, entriesOf(source.userRights)), template: undefined }
  }
  const template = currentTemplate(configuration, canonicalGuid(source.templateId), key)
  return { policy: template?.policy ?? writtenPolicy(license, []), template }
}

/** The client loses whether a licence may be kept; the careful reading is that it may not. */
function writtenPolicy({ validity }: JsonLicense, entries: readonly RightsEntry[]): RightsPolicy {
  return {
    official: false,
    id: undefined,
    names: [],
    issuedAt: validity.from,
    entries,
    preconditions: noTimes,
    owner: undefined,
    referral: undefined,
    distributionPoints: [],
    applicationData: [noLicenseCache],
    policyLists: [],
    refresh: [],
  }
}

type UserRights = Extract<OfflinePolicy['source'], { kind: 'policy' }>['userRights']

function entriesOf(userRights: UserRights): readonly RightsEntry[] {
  return userRights.flatMap(({ users, rights }) =>
    users.flatMap((user) =>
      rights.map((right) => ({
        right: right.trim().toUpperCase(),
        principal: principalOf(user),
        enablingBits: undefined,
        times: noTimes,
      })),
    ),
  )
}

function principalOf(user: string): EntryPrincipal {
  const name = user.trim()
  const isInternal = [anyone, ownerName].includes(name.toUpperCase())
  return isInternal
    ? { idType: 'Internal', id: name.toUpperCase(), name: undefined }
    : { idType: 'Unspecified', id: '', name }
}
