/** The content key of a licence as answers deliver it: without the sealed form that it had inside a licence. */
import type { DeliveredKey } from '@sealward/protocol'
import type { ContentKey } from '@sealward/xrml'

export function deliveredKey({ mode, key }: ContentKey): DeliveredKey {
  return { mode, key }
}
