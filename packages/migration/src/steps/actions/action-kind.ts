/**
 * A kind of action. `apply` may be called again after a run was killed, and `revert` for an action that never ran to its
 * end: both look at what is there before they change it.
 */
import type { Json } from '../../project/canonical-json.ts'
import { readShape, type Shape } from '../../project/shape.ts'
import type { StepContext } from '../context.ts'

export interface ActionKind {
  /** What it will do, in one line. */
  describe(input: Json): string
  /** What must be known to take it back. */
  before(context: StepContext, input: Json): Promise<Json>
  /** @param repeated the action was announced in an earlier run, and may have happened */
  apply(context: StepContext, input: Json, before: Json, repeated: boolean): Promise<Json>
  revert(context: StepContext, input: Json, before: Json): Promise<void>
  /** What stays when it is taken back, in one sentence. */
  remains(input: Json, before: Json): string | undefined
}

interface TypedKind<Input, Before> {
  describe(input: Input): string
  before(context: StepContext, input: Input): Promise<Before>
  apply(context: StepContext, input: Input, before: Before, repeated: boolean): Promise<Json>
  revert(context: StepContext, input: Input, before: Before): Promise<void>
  remains?(input: Input, before: Before): string | undefined
}

/** Inputs and saved states come back from the journal, and are read like any other file. */
export function actionKind<Input, Before>(
  input: Shape<Input>,
  before: Shape<Before>,
  kind: TypedKind<Input, Before>,
): ActionKind {
  const inputOf = (value: Json): Input => readShape(input, value, 'project-damaged', 'input')
  const beforeOf = (value: Json): Before => readShape(before, value, 'project-damaged', 'before')
  return {
    describe: (value) => kind.describe(inputOf(value)),
    before: async (context, value) => (await kind.before(context, inputOf(value))) as Json,
    apply: (context, value, saved, repeated) => kind.apply(context, inputOf(value), beforeOf(saved), repeated),
    revert: (context, value, saved) => kind.revert(context, inputOf(value), beforeOf(saved)),
    remains: (value, saved) => kind.remains?.(inputOf(value), beforeOf(saved)),
  }
}
