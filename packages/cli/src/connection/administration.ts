/**
 * The administration of a service, whatever way leads to it: every operation by its name, with input and answer as the
 * table of the service types them. The same commands work on a service that listens and on a data directory.
 */
import type { AdminAnswer, AdminInput, AdminOperationName, AdminOperations } from '@sealward/service'

type Filled<Input> = { readonly [Part in keyof Input as Input[Part] extends undefined ? never : Part]: Input[Part] }

/** Parameters of the path, query and body, as far as the operation has them. */
export type AdminCall<Name extends AdminOperationName> = Filled<AdminInput<AdminOperations[Name]>>

/** In JSON a member is there or it is not. */
type Present<Value> = Value extends readonly (infer Item)[]
  ? readonly Present<Item>[]
  : Value extends object
    ? { readonly [Member in keyof Value]: Present<Exclude<Value[Member], undefined>> }
    : Value

export type AdminResult<Name extends AdminOperationName> = Present<AdminAnswer<AdminOperations[Name]>>

export interface Administration {
  /** For people: address or folder. */
  readonly where: string
  /** @throws RightsError: the code of the operation; `service-unreachable` or `service-answer-refused` over HTTP */
  readonly call: <Name extends AdminOperationName>(
    name: Name,
    ...input: keyof AdminCall<Name> extends never ? readonly [] : readonly [AdminCall<Name>]
  ) => Promise<AdminResult<Name>>
}
