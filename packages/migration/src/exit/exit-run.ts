/**
 * Taking one of the four ways out. Each run first makes sure that every key is exported; what it changes at the service it
 * can do again, and it ends with the files that clients need. Checks are run by the caller afterwards, with clients of
 * ordinary people.
 */
import { join } from 'node:path'
import type { RunSummary } from '@sealward/bulk'
import { RightsError } from '@sealward/xrml'
import type { ScriptFile } from '../client-scripts/script-files.ts'
import { decryptFolders, type DecryptFoldersInput } from './decrypt-folders.ts'
import { disableCreationFiles } from './disable-creation.ts'
import type { ExitAdministration } from './exit-administration.ts'
import { exportAllKeys, type ExportKeysInput, type KeyExport } from './export-all-keys.ts'
import { exitRedirectionFiles, type ExitRedirection } from './redirection-files.ts'
import { withSuperUser } from './super-user-for-a-time.ts'

/** A service that is left behind, and where its keys go. */
interface Leaving {
  readonly admin: ExitAdministration
  readonly keys: Omit<ExportKeysInput, 'admin'>
}

export type ExitRun =
  | ({ readonly option: 'A'; readonly redirection: ExitRedirection; readonly force?: boolean } & Leaving)
  | ({ readonly option: 'B'; readonly superUser: string; readonly decrypt: DecryptFoldersInput } & Leaving)
  /** Without a service, with exported keys: the license function of `decrypt` opens by itself. */
  | { readonly option: 'B'; readonly admin?: undefined; readonly decrypt: DecryptFoldersInput }
  | ({
      readonly option: 'C'
      readonly redirection: ExitRedirection
      /** The cluster that is kept, with the exported keys imported. */
      readonly cluster: Pick<ExitAdministration, 'setReadOnly'>
    } & Leaving)
  | ({
      readonly option: 'D'
      /** Who recovers on request. */
      readonly recoveryUsers: readonly string[]
      /** The service that answers from now on: the tenant as long as it lives, or a cluster with its keys. */
      readonly recovery: Pick<ExitAdministration, 'superUsers' | 'setSuperUsersEnabled' | 'addSuperUser'> &
        Partial<Pick<ExitAdministration, 'setReadOnly'>>
    } & Leaving)

export interface ExitResult {
  readonly keys: KeyExport | undefined
  /** For the computers of users. */
  readonly files: readonly ScriptFile[]
  readonly decrypted: RunSummary | undefined
}

/**
 * ```ts
 * const { files } = await exitRun({ option: 'A', admin, keys: { folder, passwordOf, now }, redirection })
 * ```
 * @throws RightsError `exit-keys-missing` before anything is changed, and those of its parts
 */
export async function exitRun(run: ExitRun): Promise<ExitResult> {
  const keys = run.admin === undefined ? undefined : await requireAllKeys(run)
  switch (run.option) {
    case 'A':
      await run.admin.setMigrationHost(hostOf(run.redirection.clusterUrl), { force: run.force ?? false })
      return { keys, files: exitRedirectionFiles(run.redirection), decrypted: undefined }
    case 'B': {
      const work = (): Promise<RunSummary> => decryptFolders(run.decrypt)
      const decrypted = run.admin === undefined ? await work() : await withSuperUser(superUserOf(run), work)
      return { keys, files: [], decrypted }
    }
    case 'C':
      await run.cluster.setReadOnly({ everyone: true })
      return { keys, files: exitRedirectionFiles(run.redirection), decrypted: undefined }
    case 'D':
      await prepareRecovery(run.recovery, run.recoveryUsers)
      return { keys, files: disableCreationFiles(), decrypted: undefined }
  }
}

function superUserOf({ admin, superUser, decrypt }: Extract<ExitRun, { readonly superUser: string }>) {
  return { admin, address: superUser, memory: join(decrypt.journals, 'super-user.json') }
}

async function requireAllKeys({ admin, keys }: Leaving): Promise<KeyExport> {
  const exported = await exportAllKeys({ admin, ...keys })
  const [first] = exported.missing
  if (first !== undefined) throw new RightsError('exit-keys-missing', { detail: `${first.keyId}: ${first.code}` })
  return exported
}

async function prepareRecovery(
  recovery: Extract<ExitRun, { option: 'D' }>['recovery'],
  users: readonly string[],
): Promise<void> {
  const { enabled, users: members } = await recovery.superUsers()
  for (const user of users) if (!members.includes(user.toLowerCase())) await recovery.addSuperUser(user)
  if (!enabled) await recovery.setSuperUsersEnabled(true)
  await recovery.setReadOnly?.({ everyone: true })
}

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch (cause) {
    throw new RightsError('redirection-url-malformed', { detail: url.slice(0, 200), cause })
  }
}
