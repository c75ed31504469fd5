/** Ctrl-C and a polite kill: work in progress is told, cleans up behind itself, and then the command ends as interrupted. */
import { RightsError } from '@sealward/xrml'

/**
 * @param work stops when the signal is aborted, and throws
 * @throws RightsError `interrupted`, and what `work` throws otherwise
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const interrupt = (): void => controller.abort(new RightsError('interrupted'))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, interrupt)
  try {
    return await work(controller.signal)
  } catch (error) {
    // Whatever broke in the middle of stopping is a consequence, not a cause.
    if (controller.signal.aborted) throw new RightsError('interrupted', { cause: error })
    throw error
  } finally {
    for (const signal of signals) process.off(signal, interrupt)
  }
}
