/**
 * The resources below `/my/v1/` and `/my/v2/`, which answer alike. Every request comes twice: first without a token, to
 * be told where to get one, then with it. So whatever its method, a request without token for a resource that exists is
 * answered by the challenge, and its body, the complete message, is thrown away unread.
 */
import { matchRestTarget, type Platform, type RestResource } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { requireServedClient } from '../../core/mobile-clients.ts'
import { operations, type OperationEffect } from '../../core/operations.ts'
import type { Caller, CoreContext, RequestInfo } from '../../core/ports.ts'
import { restOperationName } from '../operation-names.ts'
import { acceptedLanguages } from './accept-language.ts'
import type { RestHandler } from './handler.ts'
import { answerClientLicensorCertificates } from './handlers/client-licensor-certificates.ts'
import { answerClientLogs } from './handlers/client-logs.ts'
import { answerEndUserLicenses } from './handlers/end-user-licenses.ts'
import { answerPublishingLicenses } from './handlers/publishing-licenses.ts'
import { answerServiceDiscovery } from './handlers/service-discovery.ts'
import { answerTemplates } from './handlers/templates.ts'
import { jsonBody } from './json-body.ts'

interface Resource {
  readonly method: 'GET' | 'POST'
  readonly answer: RestHandler
  /** The body means nothing and may be anything. */
  readonly unread?: boolean
}

const resources: Readonly<Record<RestResource, Resource>> = {
  serviceDiscovery: { method: 'GET', answer: answerServiceDiscovery },
  templates: { method: 'GET', answer: answerTemplates },
  publishingLicenses: { method: 'POST', answer: answerPublishingLicenses },
  endUserLicenses: { method: 'POST', answer: answerEndUserLicenses },
  clientDebugLogs: { method: 'POST', answer: answerClientLogs, unread: true },
  clientPerformanceLogs: { method: 'POST', answer: answerClientLogs, unread: true },
  clientLicensorCertificates: { method: 'POST', answer: answerClientLicensorCertificates },
}

/** What a resource takes. */
export function restMethodOf(resource: RestResource): Resource['method'] {
  return resources[resource].method
}

/** @throws RightsError `resource-unknown` for a target at which not even the challenge is given */
export function requireRestTarget(target: string): void {
  if (matchRestTarget(target) === undefined) throw new RightsError('resource-unknown')
}

export interface RestRequest {
  readonly method: string
  readonly target: string
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly acceptLanguage: string | undefined
  /** What the client says it is. */
  readonly platform: Platform
  readonly caller: Caller | undefined
  readonly info: RequestInfo
  /** Is told what the client wants as soon as that is known. */
  readonly named: (resource: RestResource) => void
}

/** What refused clients do not get. */
const licensing: readonly OperationEffect[] = ['protect', 'list-templates', 'open']

/** @throws RightsError `unauthenticated`, `resource-unknown`, `method-not-allowed`, those of requireServedClient and of the core */
export async function answerRest(context: CoreContext, request: RestRequest): Promise<string> {
  const { caller, info } = request
  requireRestTarget(request.target)
  if (caller === undefined) throw new RightsError('unauthenticated')
  const target = matchRestTarget(request.target)
  if (target === undefined) throw new RightsError('resource-unknown')
  const resource = resources[target.resource]
  if (request.method !== resource.method) throw new RightsError('method-not-allowed')
  request.named(target.resource)
  if (licensing.includes(operations[restOperationName[target.resource]].effect)) {
    requireServedClient((await context.configuration()).settings, request.platform)
  }
  return resource.answer({
    context,
    caller,
    info,
    query: target.query,
    text: textOf(context, request, resource),
    languages: acceptedLanguages(request.acceptLanguage),
  })
}

function textOf({ cluster }: CoreContext, { body, contentType }: RestRequest, resource: Resource): string {
  if (resource.method === 'GET' || resource.unread === true) return ''
  return jsonBody(body, contentType, cluster.limits.jsonDepth)
}
