/** `sealward revoke …` and `sealward unrevoke …`: documents, people, keys and licences that are good no longer. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { openFileSource, revokeDocument } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { canonicalGuid, decodeText, parseXrmlChain } from '@sealward/xrml'
import type { AdminCall, AdminResult } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { clientFor, clientOptions, type ClientCommandOptions } from '../../connection/client-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'
import { contentIdOf } from './content-id.ts'

type Body = AdminCall<'revoke'>['body']
type Horizon = AdminResult<'revoke'>
type Verb = 'revoke' | 'unrevoke'

interface Subject {
  readonly name: string
  readonly argument: string
  readonly says: string
  readonly example: string
  readonly body: (value: string, publisher: string | undefined) => Body
}

const subjects: readonly Subject[] = [
  {
    name: 'document',
    argument: 'protected file, or content identifier',
    says: 'a document: nobody but its publisher gets a licence',
    example: 'plan.docx',
    body: (value, publisher) => ({
      kind: 'document',
      contentId: contentIdOf(value),
      ...(publisher === undefined ? {} : { publisher }),
    }),
  },
  {
    name: 'user',
    argument: 'mail address',
    says: 'a person with all certificates: no licences, and those that demand the list end',
    example: 'eve@lakeside.example',
    body: (address) => ({ kind: 'user', address }),
  },
  {
    name: 'key',
    argument: 'file with an account or publishing certificate',
    says: 'the key of a certificate: with it nothing is licensed, or what it published opens for nobody',
    example: 'stolen.xrml',
    body: (path) => ({ kind: 'key', certificate: firstDocument(decodeText(readFileSync(path))) }),
  },
  {
    name: 'license',
    argument: 'identifier of a use licence',
    says: 'one use licence, by the list alone: its holder may get another one',
    example: '6f1c5f0e-1111-4222-8333-444455556666',
    body: (licenseId) => ({ kind: 'license', licenseId }),
  },
]

/** The certificate without its chain. */
function firstDocument(text: string): string {
  return parseXrmlChain(text)[0]?.text ?? ''
}

export function revokeCommands(program: Command): void {
  const revoke = program.command('revoke').description('Take documents, people, keys or licences out of circulation')
  listCommand(revoke)
  for (const subject of subjects) subjectCommand(revoke, 'revoke', subject)
  ownCommand(revoke, 'revoke')
}

export function unrevokeCommands(program: Command): void {
  const unrevoke = program.command('unrevoke').description('Take a revocation back')
  for (const subject of subjects) subjectCommand(unrevoke, 'unrevoke', subject)
  ownCommand(unrevoke, 'unrevoke')
}

function listCommand(revoke: Command): void {
  const command = jsonOption(administrationOptions(revoke.command('list').description('Everything that is revoked')))
  examples(command, 'sealward revoke list --data cluster', 'sealward revoke list --data cluster --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const { revocations } = await administration.call('listRevocations')
      output.data(
        () =>
          table(revocations, [
            { title: 'type', value: ({ type }) => type },
            { title: 'what', value: ({ subject }) => subject },
            { title: 'only of', value: ({ publisher }) => publisher ?? '' },
            { title: 'since', value: ({ revokedAt }) => revokedAt },
          ]),
        () => ({ revocations }),
      )
      return exitCodes.done
    }),
  )
}

function subjectCommand(group: Command, verb: Verb, { name, argument, says, example, body }: Subject): void {
  const command = jsonOption(
    changeOptions(administrationOptions(group.command(name).description(says).argument('<what>', argument))),
  )
  if (name === 'document') command.option('--publisher <address>', 'only what this address published; not in the list')
  examples(
    command,
    `sealward ${verb} ${name} ${example} --data cluster`,
    `sealward ${verb} ${name} ${example} --data cluster --yes --json`,
  )
  runs<AdministrationOptions & ChangeOptions & { readonly publisher?: string }>(
    command,
    ({ args: [what = ''], options, output }) =>
      withAdministration(options, async (administration) => {
        const named = body(what, options.publisher)
        if (verb === 'unrevoke') {
          if (!(await agreed([`${name} ${what} is revoked no longer`], options, output))) return exitCodes.done
          await administration.call('unrevoke', { body: named })
          output.say(`${name} ${what} is revoked no longer`)
          output.data(
            () => '',
            () => ({}),
          )
          return exitCodes.done
        }
        const before = await administration.call('previewRevocation', { body: named })
        if (!(await agreed([`revoke ${name} ${what}; ${horizonText(before)}`], options, output))) return exitCodes.done
        const horizon = await administration.call('revoke', { body: named })
        output.say(`${name} ${what} is revoked; ${horizonText(horizon)}`)
        output.data(
          () =>
            table(horizon.holders, [
              { title: 'licence of', value: ({ address }) => address },
              { title: 'for', value: ({ contentId }) => contentId },
              { title: 'until', value: ({ until }) => until ?? 'for ever' },
            ]),
          () => horizon,
        )
        return exitCodes.done
      }),
  )
}

/** What is honest to say: the service gives nothing any more, copies may live on for a while. */
function horizonText({ lastUse, from, licenses }: Horizon): string {
  const last = lastUse === null ? 'never dies' : `dies at ${lastUse}`
  return from === 'licenses'
    ? `${licenses} ${licenses === 1 ? 'licence is' : 'licences are'} out, the last offline copy ${last}`
    : `no licence is on record, but by the longest life of one the last offline copy ${last}`
}

function ownCommand(group: Command, verb: Verb): void {
  const command = jsonOption(
    changeOptions(
      clientOptions(
        group
          .command('own')
          .description('a document that you published yourself, without an administrator')
          .argument('<file>', 'protected file'),
      ),
    ),
  )
  examples(
    command,
    `sealward ${verb} own plan.docx --user anna@lakeside.example`,
    `sealward ${verb} own plan.docx --user anna@lakeside.example --password-file p.txt --yes`,
  )
  runs<ClientCommandOptions & ChangeOptions>(command, async ({ args: [path = ''], options, output }) => {
    const undo = verb === 'unrevoke'
    if (!(await agreed([`${verb} ${path}`], options, output))) return exitCodes.done
    const { contentId, lastUse } = await revokeDocument(await clientFor(options), licenseTextOf(path), undo)
    const last = lastUse === undefined ? 'never dies' : `dies at ${lastUse.toISOString()}`
    output.say(undo ? `${path} is revoked no longer` : `${path} is revoked; the last offline copy of others ${last}`)
    output.data(
      () => '',
      () => ({ contentId: canonicalGuid(contentId), lastUse: lastUse?.toISOString() ?? null }),
    )
    return exitCodes.done
  })
}

/** @throws RightsError of the file formats */
function licenseTextOf(path: string): string {
  const source = openFileSource(path)
  try {
    return openProtected(source).licenseText
  } finally {
    source.close()
  }
}
