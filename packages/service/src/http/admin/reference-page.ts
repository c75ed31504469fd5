/** The reference page of the administration interface, `docs/admin-api.md`, made from the table of its operations. */
import { z } from 'zod'
import type { AdminOperation } from './operation.ts'
import { adminOperations } from './operations.ts'

const preface = `# Administration interface

A service answers its administrators below \`/admin/v1\`, for peers on its own machine only. Requests carry
\`Authorization: Bearer TOKEN\`; the tokens are in two files of the data directory, made at the first start:
\`admin-token\` may do everything, \`admin-reader-token\` everything of the role *read*. The header \`x-sealward-actor\` says
who it was, for the administration log. Bodies and answers are JSON; a refusal is \`{"error": {code, cause, cure, detail}}\`
with a code of [the list](errors.md). \`GET /admin/v1/openapi.json\` is the same as an OpenAPI document.

This page is generated from the table of operations; \`node scripts/admin-api-doc.ts\` writes it.
`

export function adminReferencePage(): string {
  const table: Readonly<Record<string, AdminOperation>> = adminOperations
  return (
    preface +
    Object.entries(table)
      .map(([name, operation]) => section(name, operation))
      .join('')
  )
}

function section(name: string, operation: AdminOperation): string {
  const { method, path, summary, role, parameters, query, body, answer } = operation
  const parts = [
    `\n## ${name}\n\n\`${method} /admin/v1${path}\`, role *${role}*. ${summary}.\n`,
    listed('Path', parameters),
    listed('Query', query),
    listed('Body', body),
    answer === undefined ? '\nAnswer: plain text.\n' : listed('Answer', answer),
  ]
  return parts.join('')
}

function listed(title: string, schema: z.ZodType | undefined): string {
  if (schema === undefined) return ''
  const lines = members(schema, '')
  return lines.length === 0 ? '' : `\n${title}:\n\n${lines.join('')}`
}

interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly default?: unknown
}

function members(schema: z.ZodType, indent: string): readonly string[] {
  return linesOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, indent)
}

function linesOf(schema: JsonSchema, indent: string): readonly string[] {
  if (schema.type === 'array' && schema.items !== undefined && indent === '') {
    return [`- a list, each with\n`, ...linesOf(schema.items, '  ')]
  }
  if (schema.anyOf !== undefined && indent === '') {
    return schema.anyOf.flatMap((choice) => (choice.type === 'null' ? ['- or `null`\n'] : linesOf(choice, indent)))
  }
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const optional = required.has(name) ? '' : ', optional'
    const text = member.description === undefined ? '' : `: ${member.description}`
    const inner = member.type === 'array' ? member.items : member
    return [
      `${indent}- \`${name}\` (${kindOf(member)}${optional})${text}\n`,
      ...(inner === undefined || indent.length > 4 ? [] : linesOf(inner, `${indent}  `)),
    ]
  })
}

function kindOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(kindOf).join(' or ')
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'values' : kindOf(schema.items)}`
  return schema.format === undefined ? (schema.type ?? 'value') : `${schema.type ?? 'value'}, ${schema.format}`
}
