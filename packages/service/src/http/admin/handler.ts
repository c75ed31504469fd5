/** One operation of the administration interface as the service carries it out, over HTTP and in the same process. */
import type { AdministrationContext } from '../../administration/change.ts'
import type { CoreContext } from '../../core/ports.ts'
import type { AdminAnswer, AdminInput, AdminOperation } from './operation.ts'

export interface AdminWorld {
  readonly administration: AdministrationContext
  readonly core: CoreContext
}

/** Plain text may come in parts, because logs are long. */
type HandlerAnswer<Operation extends AdminOperation> =
  AdminAnswer<Operation> extends string ? AsyncIterable<string> : Promise<AdminAnswer<Operation>>

type AdminHandler<Operation extends AdminOperation> = (
  world: AdminWorld,
  input: AdminInput<Operation>,
) => HandlerAnswer<Operation>

/** A handler for every operation of a table. */
export type AdminHandlers<Table extends Record<string, AdminOperation>> = {
  readonly [Name in keyof Table]: AdminHandler<Table[Name]>
}
