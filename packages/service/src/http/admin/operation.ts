/**
 * What an operation of the administration interface is: one row says how it is called, who may call it, what goes in and
 * what comes out. Routes, validation, OpenAPI document and reference page are made from these rows.
 */
import type { z } from 'zod'

/** `read` sees everything but secrets; `administer` changes things, and exports keys. */
export type AdminRole = 'read' | 'administer'

export interface AdminOperation {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Below `/admin/v1`; parameters begin with a colon. */
  readonly path: string
  readonly summary: string
  readonly role: AdminRole
  /** Parameters of the path. */
  readonly parameters?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** Absent for an answer that is plain text. */
  readonly answer?: z.ZodType
}

type ValueOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** What a handler of an operation gets, already checked. */
export interface AdminInput<Operation extends AdminOperation> {
  readonly parameters: ValueOf<Operation['parameters']>
  readonly query: ValueOf<Operation['query']>
  readonly body: ValueOf<Operation['body']>
}

/** What a handler of an operation answers. */
export type AdminAnswer<Operation extends AdminOperation> = Operation['answer'] extends z.ZodType
  ? z.input<Operation['answer']>
  : string
