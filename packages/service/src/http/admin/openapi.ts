/** The administration interface as an OpenAPI document, made from the table of its operations. */
import { z } from 'zod'
import type { AdminOperation } from './operation.ts'
import { adminOperations } from './operations.ts'

type JsonObject = Readonly<Record<string, unknown>>

const refusal = {
  description: 'Refused; the code is that of the list of errors',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          error: {
            type: 'object',
            properties: {
              code: { type: 'string' },
              cause: { type: 'string' },
              cure: { type: 'string' },
              detail: { type: 'string' },
            },
            required: ['code', 'cause', 'cure'],
          },
        },
        required: ['error'],
      },
    },
  },
}

export function openApiDocument(): JsonObject {
  const table: Readonly<Record<string, AdminOperation>> = adminOperations
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, operation] of Object.entries(table)) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(name, operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sealward administration',
      version: '1',
      description: 'For peers on the machine of the service that carry one of its two tokens.',
    },
    servers: [{ url: '/admin/v1' }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths,
  }
}

function describe(name: string, operation: AdminOperation): JsonObject {
  const { summary, role, parameters, query, body, answer } = operation
  return {
    operationId: name,
    summary,
    'x-role': role,
    parameters: [...parametersOf(parameters, 'path'), ...parametersOf(query, 'query')],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: {
      200: {
        description: 'Done',
        content:
          answer === undefined
            ? { 'text/plain': { schema: { type: 'string' } } }
            : { 'application/json': { schema: schemaOf(answer, 'output') } },
      },
      default: refusal,
    },
  }
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): readonly JsonObject[] {
  if (schema === undefined) return []
  return Object.entries(schema.shape).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || !(member as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(member as z.ZodType, 'input'),
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>
  return rest
}
