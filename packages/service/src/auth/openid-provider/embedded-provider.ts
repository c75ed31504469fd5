/**
 * The embedded OpenID provider: the people of the directory sign in with their passwords and get tokens for this service.
 * For development and demonstrations on one machine. Its library is loaded when the first person comes, so the service
 * starts as fast with it as without.
 */
import { createPublicKey } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import type { CoreContext } from '../../core/ports.ts'
import type { PasswordCheck } from '../password-check.ts'
import { signingKey } from '../signing-key.ts'
import { productionMarks, type ReachSettings } from '../this-machine.ts'
import { ownIssuer, type TokenIssuer } from '../token-issuers.ts'
import { registeredClients, type ApplicationSettings } from './clients.ts'
import { openidPath, signingPurpose } from './names.ts'
import type { AnswerOpenid } from './provider.ts'

export interface EmbeddedProvider {
  readonly issuer: TokenIssuer
  /** Where people sign in, for the challenge. */
  readonly authorizationUrl: string
  /** What a token has to be for, for the challenge. */
  readonly resource: string
  /**
   * Answers a request below `openidPath`.
   * @throws RightsError `request-malformed`, `request-too-large`, `method-not-allowed`
   */
  readonly answer: AnswerOpenid
}

/**
 * @param reach the settings that say who reaches the service
 * @param folder relative paths start here
 * @throws RightsError `embedded-provider-refused` for a service that is more than for this machine, `configuration-invalid`
 */
export async function openEmbeddedProvider(
  world: { readonly context: CoreContext; readonly passwords: PasswordCheck },
  reach: ReachSettings,
  settings: { readonly applications: readonly ApplicationSettings[] },
  folder: string,
): Promise<EmbeddedProvider> {
  const marks = productionMarks(reach)
  if (marks.length > 0) throw new RightsError('embedded-provider-refused', { detail: marks.join(', ') })
  const { context } = world
  const { publicUrl } = reach
  const { serviceId: tenantId } = context.cluster
  const name = publicUrl + openidPath
  const issuer = ownIssuer(name, createPublicKey(signingKey(context, signingPurpose)))
  const clients = await registeredClients(settings.applications, folder)
  let provider: Promise<AnswerOpenid> | undefined
  return {
    issuer: tenantId === undefined ? issuer : { ...issuer, tenantId },
    authorizationUrl: `${name}/auth`,
    resource: publicUrl,
    async answer(exchange) {
      provider ??= import('./provider.ts').then(({ createProvider }) => createProvider(world, { publicUrl, clients }))
      await (await provider)(exchange)
    },
  }
}
