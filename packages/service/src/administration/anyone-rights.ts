/**
 * Rights for ANYONE in templates that come in: anyone who can authenticate to a cluster or its partners. A tenant has no
 * such principal, so the import stops until somebody has said who gets these rights (threat D8); nothing is widened or
 * narrowed in silence, the report names every template and right.
 */
import { anyone, parseXrml, RightsError, type RightsPolicy } from '@sealward/xrml'
import { canonicalAddress } from '../core/address.ts'
import type { ServiceKey } from '../core/configuration.ts'
import { personalities } from '../core/personality.ts'
import type { Cluster } from '../core/ports.ts'
import { reissueWithRights } from './reissue-templates.ts'

/** `drop` takes the rights away; `grantTo` gives them to these people and groups. */
export type AnyoneRule = 'refuse' | 'drop' | { readonly grantTo: readonly string[] }

type Entry = RightsPolicy['entries'][number]

/** @throws RightsError `address-refused` */
export function anyoneRule(
  { personality }: Pick<Cluster, 'personality'>,
  rule: AnyoneRule | undefined,
): AnyoneRule | 'keep' {
  if (rule === undefined) return personalities[personality].anyone
  return typeof rule === 'string' ? rule : { grantTo: rule.grantTo.map(canonicalAddress) }
}

/**
 * The template as it may be stored: as exported, or signed again by its own key without ANYONE.
 * @throws RightsError `tpd-anyone-unmapped`
 */
export async function withoutAnyone(
  text: string,
  policy: RightsPolicy,
  key: ServiceKey,
  rule: AnyoneRule | 'keep',
): Promise<{ readonly text: string; readonly rights: readonly string[] }> {
  const rights = [...new Set(policy.entries.filter(meansAnyone).map(({ right }) => right))]
  if (rights.length === 0 || rule === 'keep') return { text, rights }
  if (rule === 'refuse') {
    const name = policy.names[0]?.name ?? ''
    throw new RightsError('tpd-anyone-unmapped', { detail: `${name} {${policy.id ?? ''}}: ${rights.join(', ')}` })
  }
  const grantTo = rule === 'drop' ? [] : rule.grantTo
  const entries = policy.entries.flatMap((entry) =>
    meansAnyone(entry) ? grantTo.map((address) => ({ ...entry, principal: named(address) })) : [entry],
  )
  return { text: await reissueWithRights(parseXrml(text), key, entries), rights }
}

function meansAnyone({ principal }: Entry): boolean {
  if (principal === undefined) return false
  const name = principal.idType === 'Internal' ? principal.id : principal.name
  return name?.toUpperCase() === anyone
}

function named(address: string): Entry['principal'] {
  return { idType: 'Unspecified', id: '', name: address }
}
