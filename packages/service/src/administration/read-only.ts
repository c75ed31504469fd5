/**
 * A cluster that only opens: the way of those whose key cannot be exported, or whose people have moved. Its clients get
 * licences and certificates as before; nobody, or nobody of a group, gets what is needed to protect.
 */
import { RightsError } from '@sealward/xrml'
import type { Directory } from '../core/ports.ts'
import type { ReadOnlySetting } from '../core/settings.ts'
import { change, type AdministrationContext } from './change.ts'
import { requirePersonality } from './require-personality.ts'
import { securityGroup } from './security-group.ts'

export interface ReadOnlyInput {
  readonly everyone?: boolean | undefined
  readonly group?: string | undefined
  readonly off?: true | undefined
}

/** @throws RightsError `personality-mismatch`, `admin-request-invalid` unless exactly one is given, `group-refused` */
export async function setReadOnly(
  context: AdministrationContext,
  input: ReadOnlyInput & { readonly directory: Directory },
): Promise<ReadOnlySetting | undefined> {
  requirePersonality(context, ({ protectionLimit }) => protectionLimit === 'read-only')
  const setting = await settingOf(input)
  return change(context, 'set-read-only', async (repositories) => {
    await repositories.settings.put('readOnly', setting, context.clock.now())
    return { result: setting, record: setting ?? { off: true } }
  })
}

async function settingOf({ everyone, group, off, directory }: Parameters<typeof setReadOnly>[1]) {
  const given = [everyone === true, group !== undefined, off === true || everyone === false]
  if (given.filter(Boolean).length !== 1) {
    throw new RightsError('admin-request-invalid', { detail: 'give one of everyone, group and off' })
  }
  if (everyone === true) return { everyone } as const
  return group === undefined ? undefined : { group: await securityGroup(directory, group) }
}
