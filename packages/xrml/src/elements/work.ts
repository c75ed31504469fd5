/** WORK (MS-RMPR 2.2.9.7.6): the content that a licence is about, with its owner. */
import { RightsError } from '../errors/rights-error.ts'
import { rawElement, type XmlElement } from '../text/element.ts'
import { element, textElement } from '../text/writer.ts'
import { parseObject, type XrmlObject } from './object.ts'
import { onlyChild, onlyDescendant } from './only-child.ts'
import { parseRefreshConditions, type RefreshCondition } from './refresh.ts'

export interface Owner {
  /** `Windows`, `Federation` or `Unspecified`. */
  readonly idType: string
  readonly id: string
  readonly address: string
}

export interface Work {
  readonly object: XrmlObject
  readonly owner: Owner | undefined
  /** METADATA as written, for licences that copy it; empty if there is none. */
  readonly metadata: string
  /** Revocation lists that whoever uses the content must have seen. */
  readonly refresh: readonly RefreshCondition[]
  readonly element: XmlElement
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parseWork(body: XmlElement): Work {
  const source = onlyChild(body, 'WORK')
  if (source === undefined) throw new RightsError('xrml-malformed', { detail: 'the document has no WORK' })
  const metadata = onlyChild(source, 'METADATA')
  const owner = onlyDescendant(metadata, 'OWNER', 'OBJECT')
  const ownerId = onlyChild(owner, 'ID')
  return {
    object: parseObject(onlyChild(source, 'OBJECT'), 'WORK'),
    owner:
      owner === undefined
        ? undefined
        : {
            idType: ownerId?.attributes.get('type') ?? '',
            id: ownerId?.text ?? '',
            address: onlyChild(owner, 'NAME')?.text ?? '',
          },
    metadata: metadata === undefined ? '' : rawElement(metadata),
    refresh: parseRefreshConditions(source),
    element: source,
  }
}

export function writeOwner(owner: Owner): string {
  const object = element(
    'OBJECT',
    {},
    textElement('ID', { type: owner.idType }, owner.id),
    textElement('NAME', {}, owner.address),
  )
  return element('METADATA', {}, element('OWNER', {}, object))
}
