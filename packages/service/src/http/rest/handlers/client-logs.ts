/** Uploads of client logs: taken with success, because clients ask for it, and thrown away unread. */
import { writeClientLogReceipt } from '@sealward/protocol'
import type { RestHandler } from '../handler.ts'

export const answerClientLogs: RestHandler = async () => writeClientLogReceipt()
