/** POLICYLIST (MS-RMPR 2.2.9.1.11): applications that may or may not use a licence; enforced by clients, copied by servers. */
import { children, rawElement, type XmlElement } from '../text/element.ts'
import { onlyDescendant } from './only-child.ts'

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
