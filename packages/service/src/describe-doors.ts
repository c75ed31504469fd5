/** Who may call what at the doors of a service, found by opening one: `docs/who-may-call.md`. */
import { randomBytes } from 'node:crypto'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { createIdentity } from './administration/create-identity.ts'
import { openidPath } from './auth/openid-provider/names.ts'
import { openAmong } from './compose.ts'
import { readConfig } from './config.ts'
import { createAdmission } from './http/admission.ts'
import { declaredRoutes, type DeclaredRoute } from './http/audience.ts'
import { defaultHttpLimits } from './http/limits.ts'
import { createOffers } from './http/offer.ts'
import { createRequestLog } from './http/request-log.ts'
import { createServer, type HttpInput } from './http/server.ts'
import { whoMayCallPage } from './http/who-may-call/page.ts'

const publicUrl = 'http://127.0.0.1:8443'

/**
 * Opens a service in a folder, and serves nobody with it.
 * @param folder an empty one, in which a directory file is: `people.json`
 * @throws RightsError the codes of `openService`; TypeError for what does not say whom it is for
 */
export async function describeDoors(folder: string): Promise<string> {
  const config = readConfig({
    publicUrl,
    database: 'sealward.db',
    directory: 'people.json',
    authentication: { embeddedProvider: {} },
  })
  const silent = { write: () => undefined }
  const masterKey = masterKeyFromFile(newMasterKeyFile(randomBytes))
  const service = await openAmong({ config, masterKey, folder, requestLog: silent }, undefined)
  try {
    await createIdentity(service.administration('description'))
    const doors = await service.doors({
      listener: { host: '127.0.0.1', port: 0, encryptedByProxy: false },
      trustedProxies: [],
      certificate: undefined,
      clients: undefined,
      log: createRequestLog(silent),
      admission: createAdmission(defaultHttpLimits),
    })
    const page = await pageOf(doors.settings)
    await doors.close()
    return page
  } finally {
    await service.close()
  }
}

async function pageOf(settings: HttpInput): Promise<string> {
  const { context, authentication, challenge } = settings
  const { cluster } = context
  const below = { ...context, cluster: { ...cluster, rootAccountIssuers: [cluster.baseUrl] } }
  const { administration: _, ...public_ } = settings
  const offer = createOffers(authentication, challenge)
  return whoMayCallPage({
    service: await routesOf(settings),
    licensingOnly: await routesOf({ ...settings, context: below }),
    takeover: await routesOf({ ...public_, takeover: true }),
    openid: await openidAddresses(settings),
    signingIn(door, federatedOnly) {
      const { schemes } = offer({ door, confidential: true, shared: false, federatedOnly })
      return schemes.join(', ')
    },
  })
}

async function routesOf(settings: HttpInput): Promise<readonly DeclaredRoute[]> {
  const app = createServer(settings)
  const routes = [...declaredRoutes(app)]
  await app.close()
  return routes
}

/** As its discovery document names them; the name of the provider itself is no address. */
async function openidAddresses(settings: HttpInput): Promise<Readonly<Record<string, string>>> {
  const app = createServer(settings)
  const url = `${openidPath}/.well-known/openid-configuration`
  const response = await app.inject({ url, headers: { host: new URL(publicUrl).host } })
  await app.close()
  const { issuer: _, ...document } = response.json<Readonly<Record<string, unknown>>>()
  const addresses = Object.entries(document).flatMap(([name, value]) =>
    typeof value === 'string' && value.startsWith(publicUrl) ? [[name, value.slice(publicUrl.length)] as const] : [],
  )
  return Object.fromEntries(addresses)
}
