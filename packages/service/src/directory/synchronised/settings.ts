/** Settings of a directory that the service keeps itself, filled from servers or from a file. */
import { z } from 'zod'
import { ldapDirectorySchema } from '../ldap/settings.ts'

export const synchronisedDirectorySchema = z.strictObject({
  synchronised: z.strictObject({
    from: z
      .union([z.string().min(1), ldapDirectorySchema])
      .describe('Path of a directory file, or the servers that are read by LDAP'),
    everyMinutes: z
      .number()
      .min(1)
      .max(10_080)
      .optional()
      .describe('How often the service reads the source while it runs; only `sealward directory sync` unless given'),
    wholeEveryHours: z
      .number()
      .min(1)
      .max(1_440)
      .default(168)
      .describe('After how long Active Directory is compared as a whole again, instead of reading its changes'),
    refuseAfterHours: z
      .number()
      .min(1)
      .max(8_760)
      .optional()
      .describe(
        'How old the last run may be before requests are refused as temporarily unavailable; any age unless given',
      ),
    waitDays: z
      .number()
      .min(0)
      .max(3_650)
      .default(365)
      .describe('How long an address that belonged to somebody else waits before a newcomer gets it'),
    deletionsPercentMost: z
      .number()
      .min(0)
      .max(100)
      .default(20)
      .describe('A run in which more of the people or groups would disappear is refused, if they are more than ten'),
    passwords: z
      .boolean()
      .default(true)
      .describe('Whether the source checks passwords of people who sign in with one (Basic); off: nobody can'),
  }),
})

export type SynchronisedDirectorySettings = z.output<typeof synchronisedDirectorySchema>['synchronised']
