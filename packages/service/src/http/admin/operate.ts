/**
 * Carries out an operation of the table: checks what comes in, does it, checks what goes out. Reads and refusals get their
 * line in the administration log here; changes write theirs in their own transaction.
 */
import { isRightsError, RightsError } from '@sealward/xrml'
import type { z } from 'zod'
import { logOperation } from '../../administration/change.ts'
import type { LogRecord } from '../../core/log-chain.ts'
import type { AdminWorld } from './handler.ts'
import { admissionHandlers } from './handlers/admission.ts'
import { directoryHandlers } from './handlers/directory.ts'
import { evidenceHandlers } from './handlers/evidence.ts'
import { exclusionHandlers } from './handlers/exclusions.ts'
import { keyHandlers } from './handlers/keys.ts'
import { revocationHandlers } from './handlers/revocations.ts'
import { mobileClientHandlers } from './handlers/mobile-clients.ts'
import { serviceHandlers } from './handlers/service.ts'
import { superUserHandlers } from './handlers/super-users.ts'
import { templateHandlers } from './handlers/templates.ts'
import { userDomainHandlers } from './handlers/user-domains.ts'
import type { AdminOperation } from './operation.ts'
import { adminOperations, type AdminOperationName } from './operations.ts'

const handlers = {
  ...serviceHandlers,
  ...keyHandlers,
  ...templateHandlers,
  ...superUserHandlers,
  ...admissionHandlers,
  ...directoryHandlers,
  ...mobileClientHandlers,
  ...userDomainHandlers,
  ...exclusionHandlers,
  ...revocationHandlers,
  ...evidenceHandlers,
}

export interface RawAdminInput {
  readonly parameters?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

/**
 * @returns the answer as the table describes it, or text in parts
 * @throws RightsError `admin-request-invalid`, and the codes of the operation
 */
export async function operate(world: AdminWorld, name: AdminOperationName, raw: RawAdminInput): Promise<unknown> {
  const operation: AdminOperation = adminOperations[name]
  try {
    const input = {
      parameters: checked(operation.parameters, raw.parameters, 'the path'),
      query: checked(operation.query, raw.query ?? {}, 'the query'),
      body: checked(operation.body, raw.body, 'the body'),
    }
    // Names and types of the two tables are the same, which the compiler cannot follow over a union.
    const handle = handlers[name] as (world: AdminWorld, input: unknown) => unknown
    const result = await handle(world, input)
    if (operation.method === 'GET') await logRead(world, name, input)
    return operation.answer === undefined ? result : operation.answer.parse(result)
  } catch (error) {
    if (isRightsError(error)) await log(world, name, { outcome: 'Failed', reason: error.code })
    throw error
  }
}

/** Whether an answer is text in parts. */
export function isText(answer: unknown): answer is AsyncIterable<string> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

function checked(schema: z.ZodType | undefined, value: unknown, place: string): unknown {
  if (schema === undefined) return undefined
  const { data, error } = schema.safeParse(value)
  if (error === undefined) return data
  const [issue] = error.issues
  const path = issue?.path.join('.') ?? ''
  throw new RightsError('admin-request-invalid', {
    detail: `${path === '' ? place : path}: ${issue?.message ?? ''}`.slice(0, 200),
  })
}

async function logRead(
  world: AdminWorld,
  name: AdminOperationName,
  input: { readonly parameters: unknown; readonly query: unknown },
): Promise<void> {
  const { enabled } = name === 'getSuperUsers' ? await world.administration.store.superUsers.read() : {}
  const result = enabled === undefined ? {} : { result: enabled ? 'Enabled' : 'Disabled' }
  await log(world, name, { ...members(input.parameters), ...members(input.query), ...result })
}

function members(value: unknown): LogRecord {
  const entries = Object.entries(value ?? {}).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries.map(([key, member]) => [key, String(member)]))
}

async function log({ administration }: AdminWorld, name: AdminOperationName, record: LogRecord): Promise<void> {
  const operation = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  await administration.store.transaction((repositories) =>
    logOperation(administration, repositories, operation, record),
  )
}
