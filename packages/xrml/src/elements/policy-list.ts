/** POLICYLIST (MS-RMPR 2.2.9.1.11): applications that may or may not use a licence; enforced by clients, copied by servers. */
import { children, rawElement, type XmlElement } from '../text/element.ts'
import { element, textElement } from '../text/writer.ts'
import { onlyDescendant } from './only-child.ts'

/** A program that must not use a licence, by its file name and both versions included. */
export interface ExcludedApplication {
  readonly file: string
  readonly minimum: string
  readonly maximum: string
}

export interface PolicyList {
  readonly type: string
  readonly applications: readonly {
    readonly file: string
    readonly minimum: string | undefined
    readonly maximum: string | undefined
  }[]
  readonly raw: string
}

export function parsePolicyLists(body: XmlElement): readonly PolicyList[] {
  return children(body, 'POLICYLIST').map((source) => ({
    type: source.attributes.get('type') ?? '',
    applications: children(source, 'POLICY').map((policy) => {
      const span = onlyDescendant(policy, 'OBJECT', 'VERSIONSPAN')
      return {
        file: onlyDescendant(policy, 'OBJECT', 'ID')?.text ?? '',
        minimum: span?.attributes.get('min'),
        maximum: span?.attributes.get('max'),
      }
    }),
    raw: rawElement(source),
  }))
}

/** POLICYLIST of the type `exclusion`; empty without applications. */
export function writeExclusionList(applications: readonly ExcludedApplication[]): string {
  if (applications.length === 0) return ''
  const policies = applications.map(({ file, minimum, maximum }) => {
    const span = element('VERSIONSPAN', { min: minimum, max: maximum })
    return element('POLICY', {}, element('OBJECT', {}, textElement('ID', { type: 'filename' }, file), span))
  })
  return element('POLICYLIST', { type: 'exclusion' }, ...policies)
}
