/** The change to a new key: gradual, and only to the right one. */
import { templatesBefore } from '../actions/keys.ts'
import { failed, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import { rekeyTarget } from '../rekey-target.ts'

export const rekeyTargetKnown: Check = {
  id: 'rekey-target',
  title: 'The new key is one of the tenant, of current strength',
  run: async (context) => {
    const { rekey } = context.plan
    if (rekey === undefined) return notApplicable('the plan changes no key')
    if (rekey.key === 'new') return passed()
    const target = await rekeyTarget(context)
    if (target === undefined) {
      return failed({
        finding: 'the tenant has no such key',
        cure: 'Name a key of the tenant, or new, in rekey of the plan.',
      })
    }
    if (target.mode === 2) return passed({ key: target.id })
    return failed({
      finding: `the key ${target.id.slice(0, 16)} is of Mode 1`,
      cure: 'Choose a key of 2048 bits; the point of the change is to leave Mode 1.',
    })
  },
}

export const rekeyNeeded: Check = {
  id: 'rekey-needed',
  title: 'The active key is of current strength',
  run: async ({ tenant }) => {
    const active = (await tenant.keys()).find(({ state }) => state === 'active')
    if (active?.mode !== 1) return passed()
    return warned({
      finding: 'the active key is of Mode 1 (RSA 1024, SHA-1)',
      cure: 'Plan the change to a new key; it is required after Mode 1.',
    })
  },
}

/** Never a failure: people change over when their certificates are renewed. */
export const rekeyShareShown: Check = {
  id: 'rekey-share',
  title: 'Everybody protects with the new key',
  run: async (context) => {
    const { activeKey } = await context.tenantConfiguration()
    const now = context.now.toISOString()
    const valid = (await context.tenant.issuedLicensors()).filter(({ validUntil }) => validUntil > now)
    const old = valid.filter(({ keyId }) => keyId !== activeKey)
    const data = {
      certificates: valid.length,
      old: old.length,
      lastOld:
        old
          .map(({ validUntil }) => validUntil)
          .sort()
          .at(-1) ?? null,
    }
    if (old.length === 0) return passed(data)
    return warned({
      finding: `${old.length} of ${valid.length} certificates are still of an older key, the last until ${data.lastOld ?? ''}`,
      cure: 'Wait: the change takes weeks, until certificates are renewed. Initialise a client again where it must be at once.',
      data,
    })
  },
}

export const templatesResigned: Check = {
  id: 'templates-resigned',
  title: 'The published templates were issued again under the new key',
  run: async ({ tenant, progress }) => {
    const before = templatesBefore(progress.steps.get('9'))
    if (before === undefined) return notApplicable('the key was not changed')
    const same = (await tenant.templates()).filter(
      ({ id, state, origin, hash }) => state === 'published' && origin === 'own' && before.get(id) === hash,
    )
    return noneOf(
      same.map(({ id, names }) => names[0]?.name ?? id),
      (names) => `${names} are still signed by the old key`,
      'Activate the key again; the tenant issues its templates anew.',
      { severity: 'warned' },
    )
  },
}
