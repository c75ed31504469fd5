/** Operations that make sense for one of the two personalities only: the table of personalities says for which. */
import { RightsError } from '@sealward/xrml'
import { personalities, type Personality, type PersonalityName } from '../core/personality.ts'
import type { AdministrationContext } from './change.ts'

/** @param offers whether a personality has what is asked for @throws RightsError `personality-mismatch` */
export function requirePersonality(
  { cluster }: Pick<AdministrationContext, 'cluster'>,
  offers: (personality: Personality) => boolean,
): void {
  if (offers(personalities[cluster.personality])) return
  const names = (Object.keys(personalities) as readonly PersonalityName[]).filter((name) => offers(personalities[name]))
  throw new RightsError('personality-mismatch', { detail: `only for a ${names.join(' or ')}` })
}
