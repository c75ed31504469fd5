/** What the plan and the journal say of a key: which one shall sign, and which ones this project brought. */
import type { StepContext } from './context.ts'

/** Nothing if the plan keeps the key that the tenant has. */
export async function intendedActiveKey(context: StepContext): Promise<string | undefined> {
  const active = (await context.exports()).find(({ planned }) => planned.active)
  return active?.planned.key ?? active?.publicKey?.fingerprint
}

/** Names of actions are made here, because later runs look for them in the journal. */
export function importActionId(keyId: string): string {
  return `import-${keyId}`
}

/** Also for imports that were undone: their keys stay in the tenant, archived. */
export function wasImportedHere({ progress }: StepContext, keyId: string): boolean {
  return progress.history.has(`2 ${importActionId(keyId)}`)
}
