/** What a service would decide about a licence, for people who may be gone. */
import { isRightsError } from '@sealward/xrml'
import type { AdminApi, DecisionPreview } from '../admin-api.ts'

/** A person whom the service does not know gets nothing; that is an answer and no failure. */
export async function askDecision(api: AdminApi, serialized: string, address: string): Promise<DecisionPreview> {
  try {
    return await api.decide(serialized, address)
  } catch (error) {
    if (isRightsError(error, 'user-not-in-directory', 'user-disabled')) return { granted: false, reason: error.code }
    throw error
  }
}
