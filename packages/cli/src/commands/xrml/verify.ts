/** `sealward xrml verify`: digest and signature of every document, and whether they lead to one trusted root. */
import type { Command } from 'commander'
import { verifyDocuments, type DocumentsVerdict } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { trustOptions } from '../../exports/read-exports.ts'
import { trustedKeys, type TrustOptions } from '../../exports/trusted-roots.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'
import { readDocuments } from './read-documents.ts'

export function xrmlVerifyCommand(xrml: Command): void {
  const command = jsonOption(
    trustOptions(
      xrml
        .command('verify')
        .description('Verify certificates and licences, and whether they lead to a trusted root')
        .argument('<file...>', 'XrML texts, or protected files; all of them together are judged as one set'),
    ),
  )
  examples(
    command,
    'sealward xrml verify license.xml',
    'sealward xrml verify report.docx --anchor roots/mode-2.json --json',
  )
  runs<TrustOptions>(command, ({ args, options, output }) => {
    const documents = args.flatMap(readDocuments)
    const verdict = verifyDocuments(documents, trustedKeys(documents, options))
    output.data(
      () => describe(verdict),
      () => verdict,
    )
    return verdict.chain.fault === null ? exitCodes.done : exitCodes.findings
  })
}

function describe({ documents, chain }: DocumentsVerdict): string {
  const rows = table(documents, [
    { title: '#', value: ({ index }) => index + 1 },
    { title: 'Document', value: ({ type }) => type },
    { title: 'Subject', value: ({ subject }) => subject ?? '', most: 40 },
    { title: 'Issuer', value: ({ issuer }) => issuer ?? '', most: 40 },
    { title: 'Hash', value: ({ hash }) => hash ?? '' },
    { title: 'Key', value: ({ keyBits }) => (keyBits === null ? '' : String(keyBits)) },
    { title: 'Digest', value: ({ digest }) => digest ?? '' },
    { title: 'Signature', value: ({ signature }) => signature },
  ])
  const fault = chain.fault === null ? '' : `, ${chain.fault}`
  return `${rows}\nchain: ${chain.linked ? 'linked' : 'not linked'}, anchor ${chain.anchor}${fault}\n`
}
