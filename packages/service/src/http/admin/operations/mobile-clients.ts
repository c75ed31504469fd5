/** Operations on REST clients: which are served, and whether they may publish offline. */
import { z } from 'zod'
import { devicePlatforms } from '../../../core/device-platforms.ts'
import { refusedApplication } from '../../../core/settings.ts'
import type { AdminOperation } from '../operation.ts'

const platform = z.enum(devicePlatforms)

const mobileClients = z.strictObject({
  refusedPlatforms: z.array(platform).describe('Other is what names no known platform'),
  refusedApplications: z.array(refusedApplication),
  offlinePublishing: z.boolean().describe('Whether clients get certificates to publish offline'),
  offlineKeys: z.int().min(0).describe('Keys of licences in JSON, which open with this database alone'),
})

export const mobileClientOperations = {
  getMobileClients: {
    method: 'GET',
    path: '/mobile-clients',
    summary: 'Which REST clients are refused, and whether they may publish offline',
    role: 'read',
    answer: mobileClients,
  },
  setPlatformServed: {
    method: 'PUT',
    path: '/mobile-clients/platforms/:platform',
    summary: 'Refuse licences and templates to a device platform, or serve it again',
    role: 'administer',
    parameters: z.strictObject({ platform }),
    body: z.strictObject({ served: z.boolean() }),
    answer: mobileClients,
  },
  setApplicationServed: {
    method: 'PUT',
    path: '/mobile-clients/application',
    summary: 'Refuse licences and templates to an application or its older versions, or serve it again',
    role: 'administer',
    body: refusedApplication.extend({ served: z.boolean() }),
    answer: mobileClients,
  },
  setOfflinePublishing: {
    method: 'PUT',
    path: '/mobile-clients/offline-publishing',
    summary: 'Let REST clients publish offline with licences that only this service opens, or no longer',
    role: 'administer',
    body: z.strictObject({ enabled: z.boolean() }),
    answer: mobileClients,
  },
} as const satisfies Record<string, AdminOperation>
