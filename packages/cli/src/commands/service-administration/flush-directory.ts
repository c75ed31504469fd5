/** `sealward directory flush`: makes a service that runs ask its directory anew. */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'

export function flushCommand(directory: Command): void {
  const description = 'Make a service that runs forget what it remembers of its directory'
  const command = administrationOptions(directory.command('flush').description(description))
  const example = 'sealward directory flush --service http://127.0.0.1:8443 --admin-token-file'
  examples(command, `${example} my-service/admin-token`, `${example} -`)
  runs<AdministrationOptions>(command, async ({ options, output }) => {
    // A data directory remembers nothing: the process that serves it does.
    if (options.service === undefined) throw new RightsError('service-missing')
    await withAdministration(options, (administration) => administration.call('flushDirectory'))
    output.say('the service asks its directory anew')
    return exitCodes.done
  })
}
