/**
 * Where people come in: the page that asks for address and password, and the one that asks whether a program may work in
 * their name. The cookie that the library set for this one sign-in says which it is; a form of another site does not
 * bring it along.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { isRightsError, RightsError } from '@sealward/xrml'
import type { Directory } from '../../core/ports.ts'
import type { PasswordCheck } from '../password-check.ts'
import { readForm } from './form.ts'
import { consentPage, contentSecurityPolicy, messagePage, signInPage } from './pages.ts'

export interface InteractionWorld {
  readonly provider: Provider
  readonly passwords: PasswordCheck
  readonly directory: Directory
}

export interface InteractionRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly remoteAddress: string
  /** The path of this page. */
  readonly path: string
  /** For the log. */
  failed(error: unknown): void
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

const problems: ReadonlyMap<string, readonly [status: number, sentence: string]> = new Map([
  ['credentials-refused', [403, 'Mail address or password is not right.']],
  ['authentication-throttled', [429, 'Too many attempts. Try again in a second.']],
  ['service-overloaded', [503, 'The service is busy. Try again.']],
  ['directory-unavailable', [503, 'The directory cannot answer at the moment. Try again later.']],
])

/** @throws RightsError `request-malformed`, `request-too-large`; errors of the library */
export async function interact(world: InteractionWorld, exchange: InteractionRequest): Promise<void> {
  const { request, response, path } = exchange
  const interaction = await interactionOf(world.provider, request, response)
  if (interaction === undefined || !path.endsWith(`/${interaction.uid}`)) {
    show(response, 400, messagePage('Not signed in', 'This sign-in is over. Begin again in your program.'))
    return
  }
  response.setHeader('content-security-policy', contentSecurityPolicy(formTarget(interaction.params['redirect_uri'])))
  const login = interaction.prompt.name === 'login'
  if (request.method === 'GET') await (login ? askWho : askConsent)(world, interaction, exchange)
  else if (request.method === 'POST') await (login ? signIn : decide)(world, interaction, exchange)
  else throw new RightsError('method-not-allowed')
}

async function interactionOf(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Interaction | undefined> {
  try {
    return await provider.interactionDetails(request, response)
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') return undefined
    throw error
  }
}

async function askWho(
  _world: InteractionWorld,
  { params }: Interaction,
  { response, path }: InteractionRequest,
): Promise<void> {
  const hint = params['login_hint']
  show(response, 200, signInPage(path, { account: typeof hint === 'string' ? hint : '' }))
}

async function signIn(
  { provider, passwords }: InteractionWorld,
  _interaction: Interaction,
  exchange: InteractionRequest,
): Promise<void> {
  const { request, response, remoteAddress, path } = exchange
  const form = await readForm(request)
  const account = (form.get('account') ?? '').trim().toLowerCase()
  const password = Buffer.from(form.get('password') ?? '', 'utf8')
  let sid: string
  try {
    sid = (await passwords.check({ account, password, remoteAddress })).sid
  } catch (error) {
    const problem = isRightsError(error) ? problems.get(error.code) : undefined
    if (problem === undefined) throw error
    exchange.failed(error)
    const [status, sentence] = problem
    show(response, status, signInPage(path, { account, problem: sentence }))
    return
  }
  // Several people may use one browser of a machine for development.
  await provider.interactionFinished(request, response, { login: { accountId: sid, remember: false } })
}

async function askConsent(
  { provider, directory }: InteractionWorld,
  { params, session }: Interaction,
  { response, path }: InteractionRequest,
): Promise<void> {
  const client = await provider.Client.find(String(params['client_id']))
  const user = await directory.findBySid(session?.accountId ?? '')
  show(response, 200, consentPage(path, { client: client?.clientName ?? '', account: user?.address ?? '' }))
}

async function decide(
  { provider }: InteractionWorld,
  interaction: Interaction,
  { request, response }: InteractionRequest,
): Promise<void> {
  const form = await readForm(request)
  const result =
    form.get('decision') === 'allow'
      ? { consent: { grantId: await grant(provider, interaction) } }
      : { error: 'access_denied', error_description: 'the person refused' }
  await provider.interactionFinished(request, response, result)
}

/** What was asked for and not granted before (OpenID Connect Core, 3.1.2.4). */
async function grant(provider: Provider, interaction: Interaction): Promise<string> {
  const { grantId, params, prompt, session } = interaction
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const made = known ?? new provider.Grant({ accountId: session?.accountId, clientId: String(params['client_id']) })
  const { missingOIDCScope, missingOIDCClaims } = prompt.details as {
    readonly missingOIDCScope?: readonly string[]
    readonly missingOIDCClaims?: string[]
  }
  if (missingOIDCScope !== undefined) made.addOIDCScope(missingOIDCScope.join(' '))
  if (missingOIDCClaims !== undefined) made.addOIDCClaims(missingOIDCClaims)
  return made.save()
}

/** Browsers hold the answer to a form to this list, redirects included. */
function formTarget(redirect: unknown): string[] {
  if (typeof redirect !== 'string' || !URL.canParse(redirect)) return []
  const { protocol, host } = new URL(redirect)
  return [protocol === 'http:' || protocol === 'https:' ? `${protocol}//${host}` : protocol]
}

function show(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(page)
}
