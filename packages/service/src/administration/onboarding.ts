/**
 * Who may protect with a tenant while people move to it in groups. Opening is never restricted, so those who stay read
 * what those who have moved protect.
 */
import type { Directory } from '../core/ports.ts'
import type { OnboardingSetting } from '../core/settings.ts'
import { change, type AdministrationContext } from './change.ts'
import { requirePersonality } from './require-personality.ts'
import { securityGroup } from './security-group.ts'

/** @param input.group absent to remove the policy @throws RightsError `personality-mismatch`, `group-refused` */
export async function setOnboarding(
  context: AdministrationContext,
  input: {
    readonly group: string | undefined
    readonly scope: OnboardingSetting['scope']
    readonly directory: Directory
  },
): Promise<OnboardingSetting | undefined> {
  requirePersonality(context, ({ protectionLimit }) => protectionLimit === 'onboarding')
  const { group, scope } = input
  const setting = group === undefined ? undefined : { group: await securityGroup(input.directory, group), scope }
  return change(context, 'set-onboarding', async (repositories) => {
    await repositories.settings.put('onboarding', setting, context.clock.now())
    return { result: setting, record: setting ?? { off: true } }
  })
}
