/** Work on several files: each fails alone; one file alone fails as the command. */
import { isRightsError, type RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { describeError, type Output, type ReportedError } from '../../terminal/output.ts'

export type Attempted<Result> = { readonly path: string } & (
  | { readonly result: Result; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: RightsError }
)

export async function attempt<Result>(path: string, work: () => Promise<Result>): Promise<Attempted<Result>> {
  try {
    return { path, result: await work() }
  } catch (error) {
    if (!isRightsError(error)) throw error
    return { path, error }
  }
}

/** @throws the error of the only item; with several, failures are findings */
export function reportItems<Result extends object>(
  items: readonly Attempted<Result>[],
  output: Output,
  sentence: (result: Result) => string,
): number {
  const [only] = items
  if (items.length === 1 && only?.error !== undefined) throw only.error
  for (const { path, result, error } of items) {
    if (result !== undefined) output.say(`${path}: ${sentence(result)}`)
    else output.say(`${path}: ${failure(describeError(error))}`)
  }
  output.data(
    () => '',
    () => ({
      files: items.map(({ path, result, error }) => ({
        input: path,
        ...result,
        error: error === undefined ? null : describeError(error),
      })),
    }),
  )
  return items.some(({ error }) => error !== undefined) ? exitCodes.findings : exitCodes.done
}

export function failure({ code, cause, cure }: ReportedError): string {
  return `${cause} [${code}]; ${cure}`
}
