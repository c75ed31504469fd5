/** Operations that make sense for one of the two personalities only. */
import { RightsError } from '@sealward/xrml'
import type { Cluster } from '../core/ports.ts'
import type { AdministrationContext } from './change.ts'

/** @throws RightsError `personality-mismatch` */
export function requirePersonality({ cluster }: AdministrationContext, personality: Cluster['personality']): void {
  if (cluster.personality !== personality) {
    throw new RightsError('personality-mismatch', { detail: `only for a ${personality}` })
  }
}
