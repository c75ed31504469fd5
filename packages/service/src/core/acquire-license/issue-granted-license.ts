/**
 * Sealing and issuing: the use licence repeats key header and content key byte for byte, and is signed by the service's
 * present key whichever key opened the publishing licence (MS-RMPR 3.4.4.1).
 */
import {
  issueUseLicense,
  writeAuthenticatedData,
  type AccountCertificate,
  type ApplicationDatum,
  type RightsDecision,
} from '@sealward/xrml'
import { requireActiveKey } from '../configuration.ts'
import { timesOfGrant } from '../license-times.ts'
import { exclusionMarkup } from '../exclusion.ts'
import type { CoreContext } from '../ports.ts'
import { publishersOf } from '../revocation.ts'
import type { Evaluation } from './evaluate-license.ts'

export async function issueGrantedLicense(
  context: CoreContext,
  evaluation: Evaluation,
  account: AccountCertificate,
  { ground, rights }: Extract<RightsDecision, { granted: true }>,
): Promise<{ readonly chain: readonly string[] }> {
  const { license, opened } = evaluation
  const activeKey = requireActiveKey(evaluation.configuration)
  const useLicense = await issueUseLicense({
    licenseId: evaluation.licenseId,
    issuedAt: context.clock.now(),
    licensor: activeKey.licensor.principal,
    key: activeKey.handle,
    account,
    publishingLicense: license,
    contentKey: opened.contentKey,
    rights: rights.map(({ right, times }) => ({
      right,
      times: timesOfGrant(context, evaluation.configuration, { ground, validity: license.validity, times }),
    })),
    refresh: refreshOf(evaluation),
    additions: additionsOf(evaluation),
    random: (count) => context.random.bytes(count),
  })
  return { chain: [useLicense, ...activeKey.chain] }
}

/** Not for the publisher, to whom his document stays open when it is revoked. */
function refreshOf(evaluation: Evaluation): readonly string[] {
  const { license, policy, reader } = evaluation
  const publishes = publishersOf(evaluation).some((address) => reader.principal.addresses.includes(address))
  return publishes ? [] : [...license.work.refresh, ...policy.refresh].map(({ raw }) => raw)
}

/** Application data and policy lists of licence, policy and service go into the use licence, each name once. */
function additionsOf({ license, policy, configuration }: Evaluation): string {
  const excluded = exclusionMarkup(configuration)
  const lists = new Set([...policy.policyLists, ...license.policyLists].map((list) => list.raw))
  const data = new Map<string, ApplicationDatum>()
  for (const datum of [...license.applicationData, ...policy.applicationData]) data.set(datum.name, datum)
  return (
    excluded.condition + [excluded.list, ...lists].join('') + writeAuthenticatedData('APPSPECIFIC', [...data.values()])
  )
}
