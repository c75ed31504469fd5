/** The configuration of an installation: several services, each with a configuration of its own, on one listener. */
import { RightsError } from '@sealward/xrml'
import { z } from 'zod'
import { configurationFrom } from './config.ts'
import { listenerSchema, takeoverListenerSchema } from './http/settings.ts'
import { listenerLimitsSchema } from './limit-settings.ts'
import { canonicalHostName } from './core/host-names.ts'

const hostName = z.string().transform((text, context) => {
  try {
    return canonicalHostName(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof RightsError ? error.message : 'a host name' })
    return z.NEVER
  }
})

export const installationSchema = z.strictObject({
  services: z
    .array(z.string().min(1))
    .min(1)
    .max(100)
    .describe('Configurations of the services; relative paths in one start at its own folder, where its master key is'),
  listener: listenerSchema.prefault({}),
  takeoverListener: takeoverListenerSchema.optional(),
  limits: listenerLimitsSchema.prefault({}),
  discoveryNames: z
    .array(hostName)
    .max(100)
    .default([])
    .describe('Host names, such as that of the SRV record, on which REST clients find the service of their address'),
})

export type InstallationConfig = z.output<typeof installationSchema>

/** @throws RightsError `configuration-invalid` */
export function readInstallationConfig(value: unknown): InstallationConfig {
  return configurationFrom(installationSchema, value)
}
