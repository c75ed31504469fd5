/**
 * The administration of a service over HTTP. The administration answers on the machine of the service only; from elsewhere
 * the URL is the near end of a tunnel. The token is sent nowhere but there: redirections are refused.
 */
import { isLoopbackHost } from '@sealward/protocol'
import { errorCatalogue, RightsError, type ErrorCode } from '@sealward/xrml'
import type { AdminApi, OnboardingPolicy } from './admin-api.ts'
import type { ExitAdministration } from './exit/exit-administration.ts'
import * as answers from './admin-answers.ts'
import { readJson, readShape, type Shape } from './project/shape.ts'

export interface AdminClientOptions {
  /** Root of the service, for example `http://127.0.0.1:8420`. Plain HTTP is for loopback addresses. */
  readonly url: string
  readonly token: string
  /** Who does it, for the administration log of the service. */
  readonly actor: string
  /** Milliseconds; one minute unless given. */
  readonly timeout?: number
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const answerMost = 64 * 1024 * 1024

/** @throws RightsError `service-url-refused` */
export function createAdminClient(options: AdminClientOptions): AdminApi & ExitAdministration {
  const base = adminUrl(options.url)

  async function call<T>(method: Method, path: string, answer: Shape<T>, body?: unknown): Promise<T> {
    const response = await send(method, path, body)
    const text = await readText(response)
    if (!response.ok) throw refusal(response.status, text)
    if (text === '') return readShape(answer, undefined, 'service-answer-refused', path)
    return readJson(answer, text, 'service-answer-refused', path)
  }

  async function send(method: Method, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(`${base}${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeout ?? 60_000),
        headers: {
          authorization: `Bearer ${options.token}`,
          'x-sealward-actor': options.actor,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (cause) {
      throw new RightsError('service-unreachable', { detail: base, cause })
    }
  }

  const { nothing } = answers
  const noPolicy: OnboardingPolicy = { useLicense: false, scope: 'All' }
  return {
    configuration: () => call('GET', '/configuration', answers.configurationAnswer),
    setState: (state, { force } = {}) =>
      call('PUT', '/state', answers.stateAnswer, { state, ...(force === undefined ? {} : { force }) }),
    setReadOnly: (rule) => call('PUT', '/read-only', nothing, rule ?? { off: true }),
    setHostNames: (hostNames) => call('PUT', '/host-names', nothing, { hostNames }),
    keys: () => call('GET', '/keys', answers.keysAnswer),
    importDomain: ({ file, ...rest }) =>
      call('POST', '/keys/import', answers.importAnswer, { file: Buffer.from(file).toString('base64'), ...rest }),
    generateKey: (name) => call('POST', '/keys/generate', answers.keyIdAnswer, { mode: 2, name }),
    activateKey: (keyId) => call('POST', `${byId('keys', keyId)}/activate`, answers.activationAnswer, {}),
    exportKey: async (keyId, password) => {
      const { file } = await call('POST', `${byId('keys', keyId)}/export`, answers.fileAnswer, { password })
      return Buffer.from(file, 'base64')
    },
    templates: (id) =>
      call('GET', id === undefined ? '/templates' : `/templates?id=${encodeURIComponent(id)}`, answers.templatesAnswer),
    publishTemplate: (id) => call('POST', `${byId('templates', id)}/publish`, nothing, {}),
    archiveTemplate: (id) => call('POST', `${byId('templates', id)}/archive`, nothing, {}),
    updateTemplate: (id, content) => call('PUT', byId('templates', id), nothing, content),
    onboarding: () => call('GET', '/onboarding', answers.onboardingAnswer),
    setOnboarding: (policy) => call('PUT', '/onboarding', nothing, policy ?? noPolicy),
    superUsers: () => call('GET', '/super-users', answers.superUsersAnswer),
    userDomains: () => call('GET', '/trusted-user-domains', answers.userDomainsAnswer),
    setSuperUsersEnabled: (enabled) => call('PUT', '/super-users', nothing, { enabled }),
    addSuperUser: (address) => call('POST', '/super-users', nothing, { address }),
    removeSuperUser: (address) => call('DELETE', byId('super-users', address), nothing),
    setMigrationHost: (host, { force } = {}) =>
      call('PUT', '/migration-url', nothing, {
        ...(host === undefined ? {} : { host }),
        ...(force === undefined ? {} : { force }),
      }),
    requests: (after, limit) => call('GET', `/logs/requests?after=${after}&limit=${limit}`, answers.requestsAnswer),
    issuedLicensors: () => call('GET', '/issued-client-licensors', answers.licensorsAnswer),
    decide: (serialized, address, state) =>
      call('POST', '/decide', answers.decisionAnswer, {
        serialized,
        address,
        ...(state === undefined ? {} : { state }),
      }),
  }
}

function byId(path: string, id: string): string {
  return `/${path}/${encodeURIComponent(id)}`
}

/** The token opens everything, so it crosses no network in the clear. */
function adminUrl(url: string): string {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch (cause) {
    throw new RightsError('service-url-refused', { cause })
  }
  const safe = parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopbackHost(parsed.hostname))
  if (!safe || parsed.username !== '' || parsed.search !== '') throw new RightsError('service-url-refused')
  return `${parsed.origin}/admin/v1`
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array> | readonly Uint8Array[]) {
      size += part.byteLength
      if (size > answerMost) throw new RightsError('service-answer-refused', { detail: 'too large' })
      parts.push(part)
    }
  } catch (cause) {
    if (cause instanceof RightsError) throw cause
    throw new RightsError('service-unreachable', { detail: 'the answer was cut off', cause })
  }
  return Buffer.concat(parts).toString('utf8')
}

/** The code of the service where it is one of ours; its words are not repeated unless it is. */
function refusal(status: number, text: string): RightsError {
  let answer: ReturnType<typeof answers.errorAnswer>
  try {
    answer = readJson(answers.errorAnswer, text, 'service-answer-refused')
  } catch (cause) {
    return new RightsError('service-answer-refused', { detail: `status ${status}`, cause })
  }
  const { code, detail } = answer.error
  if (!isCode(code)) return new RightsError('service-refused', { detail: `status ${status}` })
  return new RightsError(code, detail === undefined ? {} : { detail })
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code)
}
