/** For changes in the directory that must not wait until remembered answers are old (threat P19). */
import type { Directory } from '../core/ports.ts'
import { logOperation, type AdministrationContext } from './change.ts'

/** Only the service that runs has something to forget; nothing is stored but that it was done. */
export async function flushDirectory(
  context: AdministrationContext,
  { directory }: { readonly directory: Directory },
): Promise<void> {
  await context.store.transaction((repositories) => logOperation(context, repositories, 'flush-directory', {}))
  directory.flush()
}
