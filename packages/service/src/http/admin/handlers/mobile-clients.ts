/** REST clients. Every change answers with all settings afterwards. */
import {
  describeMobileClients,
  setApplicationServed,
  setOfflinePublishing,
  setPlatformServed,
} from '../../../administration/mobile-clients.ts'
import type { AdminHandlers } from '../handler.ts'
import type { mobileClientOperations } from '../operations/mobile-clients.ts'

export const mobileClientHandlers: AdminHandlers<typeof mobileClientOperations> = {
  getMobileClients: ({ administration }) => describeMobileClients(administration),
  async setPlatformServed({ administration }, { parameters: { platform }, body: { served } }) {
    await setPlatformServed(administration, { platform, served })
    return describeMobileClients(administration)
  },
  async setApplicationServed({ administration }, { body: { served, ...application } }) {
    await setApplicationServed(administration, { application, served })
    return describeMobileClients(administration)
  },
  async setOfflinePublishing({ administration }, { body }) {
    await setOfflinePublishing(administration, body)
    return describeMobileClients(administration)
  },
}
