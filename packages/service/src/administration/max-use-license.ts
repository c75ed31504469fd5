/** The longest time that a use licence lives; it holds for licences that are issued from now on. */
import { change, type AdministrationContext } from './change.ts'

/** @param input.days 0 to 65,535; undefined for what the personality says */
export async function setMaxUseLicense(
  context: AdministrationContext,
  input: { readonly days: number | undefined },
): Promise<void> {
  await change(context, 'set-max-use-license', async (repositories) => {
    await repositories.settings.put('maxUseLicenseDays', input.days, context.clock.now())
    return { result: undefined, record: { days: input.days ?? null } }
  })
}
