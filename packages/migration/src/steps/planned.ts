/** How steps write down what they will do. */
import type { Json } from '../project/canonical-json.ts'
import type { PlannedAction } from '../project/journal.ts'

export function action(kind: string, id: string, input: Json): PlannedAction {
  return { id, kind, input }
}

/** A file below `artefacts/<step>/`. */
export function artefact(step: string, name: string, content: string): PlannedAction {
  return { id: `write-${name}`, kind: 'write-artefact', input: { step, name, content } }
}

/** Names of people and clusters may hold anything; names of files may not. */
export function fileNamePart(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return plain === '' ? 'unnamed' : plain.slice(0, 60)
}

export function lines(...parts: readonly string[]): string {
  return `${parts.join('\n')}\n`
}
