/** What has happened, and what would happen. */
import { adminLog } from '../../../administration/logs/admin-log.ts'
import { listIssuedClientLicensors } from '../../../administration/logs/issued-client-licensors.ts'
import { listServiceRequests } from '../../../administration/logs/service-request.ts'
import { usageLog } from '../../../administration/logs/usage-log.ts'
import { previewDecision } from '../../../administration/preview-decision.ts'
import { explainDecision } from '../../../administration/explain-decision.ts'
import type { TracedGrant } from '../../../core/decision-trace.ts'
import type { AdminHandlers } from '../handler.ts'
import type { evidenceOperations } from '../operations/evidence.ts'

export const evidenceHandlers: AdminHandlers<typeof evidenceOperations> = {
  async listRequests({ administration }, { query }) {
    const { rows, next } = await listServiceRequests(administration, query)
    return { rows: [...rows], ...(next === undefined ? {} : { next }) }
  },
  getUsageLog: ({ administration }, { query }) => usageLog(administration, query),
  getAdminLog: ({ administration }) => adminLog(administration),
  async listIssuedClientLicensors({ administration }, { query }) {
    const issued = await listIssuedClientLicensors(administration, query)
    return issued.map(({ address, keyId, issuedAt, validUntil }) => ({
      user: address,
      keyId,
      issuedAt: issuedAt.toISOString(),
      validUntil: validUntil.toISOString(),
    }))
  },
  async explainDecision({ administration, core }, { body: { serialized, address } }) {
    const { granted, ground, rights, expires, reason, cause, cure, steps, groups } = await explainDecision(
      administration,
      { core, serialized, address },
    )
    return {
      granted,
      ...(ground === undefined ? {} : { ground }),
      ...(rights === undefined ? {} : { rights: [...rights] }),
      ...(expires === undefined ? {} : { expires: expires.toISOString() }),
      ...(reason === undefined ? {} : { reason, cause, cure }),
      steps: steps.map(({ grant, ...step }) => ({
        ...step,
        ...(grant === undefined ? {} : { grant: grantAnswer(grant) }),
      })),
      groups: groups.map(({ path, ...group }) => ({ ...group, ...(path === undefined ? {} : { path: [...path] }) })),
    }
  },
  async decide({ administration, core }, { body: { serialized, address, state } }) {
    const { granted, ground, rights, expires, reason } = await previewDecision(administration, {
      core,
      serialized,
      address,
      state,
    })
    return {
      granted,
      ...(ground === undefined ? {} : { ground }),
      ...(rights === undefined ? {} : { rights: [...rights] }),
      ...(expires === undefined ? {} : { expires: expires.toISOString() }),
      ...(reason === undefined ? {} : { reason }),
    }
  },
}

function grantAnswer({ from, until, ...grant }: TracedGrant) {
  return {
    ...grant,
    ...(from === undefined ? {} : { from: from.toISOString() }),
    ...(until === undefined ? {} : { until: until.toISOString() }),
  }
}
