/** The tenant: reachable, the right one, and in the state that the step needs. */
import { licensingUrlOf } from '@sealward/protocol'
import type { IssuedLicensor } from '../../admin-api.ts'
import type { StepContext } from '../context.ts'
import { failed, named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import { nameOfEntry } from '../former-sites.ts'
import { intendedActiveKey } from '../intended-key.ts'
import { hostOf } from '../url-inventory.ts'

export const tenantReadable: Check = {
  id: 'tenant-readable',
  title: 'The tenant exists and lets this administrator read its configuration',
  run: async (context) => {
    const { personality, serviceId, state } = await context.tenantConfiguration()
    if (personality === 'tenant') return passed({ serviceId, state })
    return failed({
      finding: 'the service at the address of the tenant is a cluster',
      cure: 'Correct tenant.adminUrl in the plan.',
    })
  },
}

export const tenantNotActive: Check = {
  id: 'tenant-not-active',
  title: 'The tenant was not active before the migration',
  run: async (context) => {
    const { state } = await context.tenantConfiguration()
    if (state === 'not-activated' || context.progress.steps.has('3')) return passed({ state })
    // The generated key is no longer the active one when the imported one was activated before this step.
    const imported = (await context.exports()).map(({ publicKey }) => publicKey?.fingerprint)
    const users = (await newestLicensors(context))
      .filter(({ keyId }) => !imported.includes(keyId))
      .map(({ user }) => user)
    return warned({
      finding: `the tenant is ${state} already; ${users.length === 0 ? 'nobody protects' : `${named(users)} may protect`} with its generated key`,
      cure: 'Run the clean-up script on their computers, and export and import templates made before.',
      data: { state, users: [...new Set(users)].sort() },
    })
  },
}

export const tenantUrlAnswers: Check = {
  id: 'tenant-url-answers',
  title: 'The licensing service of the tenant answers',
  run: async ({ plan, ports }) => {
    const url = licensingUrlOf(plan.tenant.url)
    const status = await ports.probe(url)
    if (status !== undefined && status < 500) return passed({ url, status })
    return failed({
      finding: status === undefined ? `nobody answers at ${url}` : `${url} answers with status ${status}`,
      cure: 'Check the name, the network and the certificate of the tenant.',
    })
  },
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

export const tenantUrlIsServiceId: Check = {
  id: 'tenant-url-service-id',
  title: 'The address of the tenant is the one of this service',
  run: async (context) => {
    const { serviceId, publicUrl, hostNames } = await context.tenantConfiguration()
    const host = hostOf(context.plan.tenant.url)
    const [inHost] = guid.exec(host) ?? []
    if (inHost !== undefined && inHost.toLowerCase() !== serviceId.replace(/[{}]/g, '').toLowerCase()) {
      return failed({
        finding: `the host begins with ${inHost}, and the service id is ${serviceId}`,
        cure: 'Use the service id, not the id of the directory tenant, in tenant.url.',
      })
    }
    const own = [hostOf(publicUrl), ...hostNames.map(nameOfEntry)]
    if (own.includes(host)) return passed({ serviceId })
    return failed({
      finding: `the tenant calls itself ${hostOf(publicUrl)}, the plan ${host}`,
      cure: 'Correct tenant.url in the plan, or the public address of the tenant.',
    })
  },
}

export const tenantEnabled: Check = {
  id: 'tenant-enabled',
  title: 'The tenant is enabled',
  run: async (context) => {
    const { state } = await context.tenantConfiguration()
    if (state === 'enabled') return passed()
    return failed({ finding: `the tenant is ${state}`, cure: 'Run the step of the activation again.' })
  },
}

export const activeKeyIntended: Check = {
  id: 'active-key-intended',
  title: 'New certificates are issued by the intended key',
  run: async (context) => {
    const { activeKey } = await context.tenantConfiguration()
    const intended = await intendedActiveKey(context)
    if (intended === undefined) return notApplicable('the plan keeps the key that the tenant has')
    if (activeKey === intended) return passed({ activeKey })
    return failed({
      finding: `the active key is ${activeKey ?? 'missing'}, the plan says ${intended}`,
      cure: 'Activate the key of the plan before anybody protects with the other one.',
    })
  },
}

/** Of each person the certificate that was issued last and is valid: a computer that was cleaned up holds no other. */
async function newestLicensors({ tenant, now }: StepContext): Promise<readonly IssuedLicensor[]> {
  const newest = new Map<string, IssuedLicensor>()
  for (const licensor of await tenant.issuedLicensors()) {
    const known = newest.get(licensor.user)
    if (known === undefined || licensor.issuedAt > known.issuedAt) newest.set(licensor.user, licensor)
  }
  return [...newest.values()].filter(({ validUntil }) => validUntil > now.toISOString())
}

export const foreignLicensors: Check = {
  id: 'foreign-licensors',
  title: 'Nobody holds a certificate of another key than the intended one',
  run: async (context) => {
    const intended = await intendedActiveKey(context)
    if (intended === undefined) return notApplicable('the plan keeps the key that the tenant has')
    const others = (await newestLicensors(context)).filter(({ keyId }) => keyId !== intended)
    return noneOf(
      others.map(({ user }) => user),
      (users) => `${users} can still protect with another key of the tenant`,
      'Run the clean-up script on their computers; until then those who stay cannot open what they protect.',
      { severity: 'warned' },
    )
  },
}
