/**
 * The two templates that every tenant has from its activation, for all its people, with seven days of use without asking
 * again. Their identifiers are those of the service itself, so that enabling it again does not make them twice.
 */
import { createHash } from 'node:crypto'
import { canonicalGuid, issueRightsTemplate, noTimes } from '@sealward/xrml'
import { allStaffAddress } from '../core/all-staff.ts'
import { ownTemplate, requireActiveKey, type Configuration } from '../core/configuration.ts'
import type { Repositories } from '../core/store.ts'
import type { AdministrationContext } from './change.ts'

const offlineTime = 7 * 86_400_000
const english = 1033

/** As they were for tenants of 2016, whose procedures migrations follow. */
const templates = [
  {
    name: 'Confidential View Only',
    description: 'For the people of the organisation, who may view it but change nothing.',
    rights: ['VIEW'],
  },
  {
    name: 'Confidential',
    description: 'For the people of the organisation, who may read, change and pass it on.',
    rights: ['VIEW', 'EXPORT', 'DOCEDIT', 'VIEWRIGHTSDATA', 'OBJMODEL', 'FORWARD', 'REPLY', 'REPLYALL'],
  },
] as const

/** Makes those that are missing; none for a tenant without mail domains, whose people it could not name. */
export async function provideDefaultTemplates(
  context: AdministrationContext,
  repositories: Repositories,
  configuration: Configuration,
): Promise<void> {
  const { cluster, clock } = context
  const to = allStaffAddress(cluster)
  if (to === undefined) return
  const key = requireActiveKey(configuration)
  for (const { name, description, rights } of templates) {
    const id = identifierOf(configuration.settings.serviceId, name)
    if (configuration.templates.has(canonicalGuid(id))) continue
    const text = await issueRightsTemplate({
      id,
      issuedAt: clock.now(),
      names: [{ lcid: english, name: `${cluster.organisation} - ${name}`, description }],
      grants: [{ to, rights, times: { ...noTimes, intervals: [offlineTime] } }],
      licensor: key.licensor.principal,
      publishingUrl: cluster.licensingUrl,
      key: key.handle,
    })
    const changedAt = clock.now()
    await repositories.templates.put({
      id: canonicalGuid(id),
      origin: ownTemplate,
      state: 'published',
      text,
      changedAt,
    })
  }
}

/** A name-based GUID (RFC 9562, 5.8). */
function identifierOf(serviceId: string, name: string): string {
  const bytes = createHash('sha256').update(`${serviceId}\n${name}`, 'utf8').digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  return `{${parts.join('-')}}`
}
