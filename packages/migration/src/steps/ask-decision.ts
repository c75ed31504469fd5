/** What a service would decide about a licence, for people who may be gone. */
import { isRightsError } from '@sealward/xrml'
import type { AdminApi, DecisionPreview, ServiceState } from '../admin-api.ts'

/**
 * A person whom the service does not know gets nothing; that is an answer and no failure.
 * @param state as if the service were in it; its own unless given
 */
export async function askDecision(
  api: AdminApi,
  serialized: string,
  address: string,
  state?: ServiceState,
): Promise<DecisionPreview> {
  try {
    return await api.decide(serialized, address, state)
  } catch (error) {
    if (isRightsError(error, 'user-not-in-directory', 'user-disabled')) return { granted: false, reason: error.code }
    throw error
  }
}
