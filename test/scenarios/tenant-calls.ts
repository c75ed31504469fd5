/** Calls at the doors of an installation: of administrators, and of people over both protocols. */
import { publish } from '@sealward/client'
import { operationUrl, writeSoapCall, type SoapOperationName, type SoapRequestOf } from '@sealward/protocol'
import { addressOf, type Answer, type Organisation, type ResidentName, type TwoTenants } from './two-tenants.ts'

/** Without what differs from request to request. */
export const comparable = ({ status, body }: Answer) => ({
  status,
  body: body.replaceAll(/\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?/gi, 'ID'),
})

export interface TenantCalls {
  /** @param token of the administrators there, unless given */
  admin(at: ResidentName, method: string, path: string, body?: object, token?: string): Promise<Answer>
  /** @param path below `/my/v2/` */
  rest(at: ResidentName, path: string, authorization: string, body?: string): Promise<Answer>
  soap<Name extends SoapOperationName>(
    at: ResidentName,
    name: Name,
    request: SoapRequestOf<Name>,
    authorization?: string,
  ): Promise<Answer>
  /** A licence in which ben may read, of anna of an organisation; signed by its service, or by herself. */
  licenseOf(organisation: Organisation, publishing: 'online' | 'offline'): Promise<readonly string[]>
  /** The same for licences, with the account certificate of ben. */
  opening(at: ResidentName, reader: Organisation, license: readonly string[]): Promise<Answer>
  templatePublishing(at: ResidentName, authorization: string, templateId: string): Promise<Answer>
  /** Replaces the former names. @returns `taken`, or the code of the refusal */
  takeNames(at: ResidentName, hostNames: readonly string[]): Promise<string>
}

export function callsOf(world: TwoTenants): TenantCalls {
  const calls: TenantCalls = {
    admin: (at, method, path, body, token = world.adminToken(at)) =>
      world.ask({
        host: world.hostOf(at),
        method,
        path: `/admin/v1${path}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    rest(at, path, authorization, body) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' }
      const headers = { authorization, ...json }
      return world.ask({
        host: world.hostOf(at),
        path: `/my/v2/${path}`,
        headers,
        ...(body === undefined ? {} : { body }),
      })
    },
    soap(at, name, request, authorization) {
      const { headers, body } = writeSoapCall(name, request, { soapVersion: '1.1' })
      return world.ask({
        host: world.hostOf(at),
        path: new URL(operationUrl('http://x.example/_wmcs/licensing', name)).pathname,
        headers: {
          'content-type': headers.contentType,
          ...(headers.soapAction === undefined ? {} : { soapaction: headers.soapAction }),
          ...(authorization === undefined ? {} : { authorization }),
        },
        body,
      })
    },
    async licenseOf(organisation, publishing) {
      const policy = { grants: [{ to: addressOf(organisation, 'ben'), rights: ['VIEW'] }] }
      const cipher = { mode: 'cbc4k', keyBytes: 32 } as const
      return (await publish(world.client(organisation, 'anna'), policy, cipher, { publishing })).documents
    },
    async opening(at, reader, license) {
      const { accountChain } = await world.client(reader, 'ben').identity()
      return calls.soap(at, 'AcquireLicense', {
        requests: [{ licenseeCertificates: accountChain, issuanceLicense: license }],
      })
    },
    templatePublishing: (at, authorization, templateId) =>
      calls.rest(
        at,
        'publishinglicenses',
        authorization,
        JSON.stringify({ PreferDeprecatedAlgorithms: false, AllowAuditedExtraction: false, TemplateId: templateId }),
      ),
    async takeNames(at, hostNames) {
      const { status, body } = await calls.admin(at, 'PUT', '/host-names', { hostNames })
      return status === 200 ? 'taken' : (JSON.parse(body) as { error: { code: string } }).error.code
    },
  }
  return calls
}
