/** Uploads of client logs: taken with success, because clients ask for it, and thrown away unread. */
import { writeClientLogReceipt } from '@sealward/protocol'
import { takeClientLogs } from '../../../core/service-locations.ts'
import type { RestHandler } from '../handler.ts'

export const answerClientLogs: RestHandler = async ({ context }) => {
  await takeClientLogs(context)
  return writeClientLogReceipt()
}
