/** `sealward xrml show`: certificates and licences as an outline that people can read; base64 is shortened. */
import type { Command } from 'commander'
import type { XmlElement, XrmlDocument } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { printable } from '../../terminal/printable.ts'
import { documentFacts } from '../document-facts.ts'
import { readDocuments } from './read-documents.ts'

interface ShowOptions {
  readonly full?: boolean
}

export function xrmlShowCommand(xrml: Command): void {
  const command = jsonOption(
    xrml
      .command('show')
      .description('Show certificates and licences as an outline')
      .argument('<file...>', 'XrML texts, or protected files')
      .option('--full', 'do not shorten keys, hashes and signatures'),
  )
  examples(command, 'sealward xrml show license.xml', 'sealward xrml show report.docx --full')
  runs<ShowOptions>(command, ({ args, options, output }) => {
    const documents = args.flatMap((path) => readDocuments(path).map((document) => ({ path, document })))
    const most = options.full === true ? Number.POSITIVE_INFINITY : 64
    output.data(
      () => documents.map(({ document }, index) => outlineOf(document, index, most)).join('\n'),
      () => ({
        documents: documents.map(({ path, document }, index) => ({
          index,
          path,
          type: document.type,
          ...documentFacts(document),
          text: document.text,
        })),
      }),
    )
    return exitCodes.done
  })
}

function outlineOf(document: XrmlDocument, index: number, most: number): string {
  const elements = [document.body, ...(document.signature === undefined ? [] : [document.signature])]
  return `${index + 1}. ${document.type}\n${elements.flatMap((element) => linesOf(element, 1, most)).join('\n')}\n`
}

function linesOf(element: XmlElement, depth: number, most: number): readonly string[] {
  const attributes = [...element.attributes].map(([name, value]) => `${name}=${shown(value, most)}`)
  const text = element.text.trim()
  const line = [element.name, ...attributes, ...(text === '' ? [] : [shown(text, most)])].join(' ')
  return ['  '.repeat(depth) + line, ...element.children.flatMap((inner) => linesOf(inner, depth + 1, most))]
}

function shown(text: string, most: number): string {
  const safe = printable(text)
  return safe.length <= most ? safe : `${safe.slice(0, most - 20)}… (${text.length} characters)`
}
