/** What the tests of the REST resources ask for, over the real core. */
import assert from 'node:assert/strict'
import type { FastifyInstance } from 'fastify'
import { parseEndUserLicenseResponse, parsePublishingLicenseResponse } from '@sealward/protocol'
import type { Person, TestOrganisation } from '../test-organisation.ts'

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH' | 'OPTIONS'
  readonly path: string
  readonly as?: Person
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export type RestCalls = ReturnType<typeof restCalls>

/** Calls of one server; those that publish and open fail the test where they are refused. */
export function restCalls(organisation: TestOrganisation, server: FastifyInstance) {
  async function send({ method, path, as, body, headers = {} }: Call) {
    return server.inject({
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      url: `/my/v2/${path}`,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(as === undefined ? {} : { authorization: await organisation.bearer(as) }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }
  return {
    send,
    async publish(body: unknown, as: Person = 'alice') {
      const response = await send({ path: 'publishinglicenses', as, body })
      assert.equal(response.statusCode, 200, response.payload)
      return {
        json: response.json<Record<string, unknown>>(),
        response: parsePublishingLicenseResponse(response.payload),
      }
    },
    async open(license: string, as: Person) {
      const response = await send({ path: 'enduserlicenses', as, body: { SerializedPublishingLicense: license } })
      assert.equal(response.statusCode, 200, response.payload)
      return {
        json: response.json<Record<string, unknown>>(),
        response: parseEndUserLicenseResponse(response.payload),
      }
    },
  }
}

export const fromTemplate = ({ templateId }: TestOrganisation) => ({
  PreferDeprecatedAlgorithms: false,
  AllowAuditedExtraction: true,
  TemplateId: templateId,
})

export function policyFor(user: string, changes: object = {}) {
  return {
    PreferDeprecatedAlgorithms: false,
    AllowAuditedExtraction: false,
    ReferralInfo: 'mailto:alice@lakeside.example',
    SignedApplicationData: { app: 'test' },
    Policy: {
      UserRights: [{ Users: [user], Rights: ['VIEW', 'EDIT'] }],
      allowOfflineAccess: true,
      IntervalTimeInDays: 30,
      EncryptedApplicationData: { secret: 's1' },
      ...changes,
    },
  }
}
