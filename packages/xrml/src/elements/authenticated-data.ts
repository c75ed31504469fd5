/** AUTHENTICATEDDATA (MS-RMPR 2.2.9.7.7): application data and metadata that are signed with the licence. */
import { children, type XmlElement } from '../text/element.ts'
import { textElement } from '../text/writer.ts'

/** Name and value, in document order; unknown names are kept. */
export interface ApplicationDatum {
  readonly name: string
  readonly value: string
}

export type AuthenticatedDataId = 'APPSPECIFIC' | 'LICENSEMETADATA'

export function parseAuthenticatedData(body: XmlElement, id: AuthenticatedDataId): readonly ApplicationDatum[] {
  return children(body, 'AUTHENTICATEDDATA')
    .filter((source) => source.attributes.get('id') === id)
    .map((source) => ({ name: source.attributes.get('name') ?? '', value: source.text }))
}

/** The base64 text of the encrypted rights data, if the licence has it exactly once. */
export function encryptedRightsData(body: XmlElement): string | undefined {
  const found = children(body, 'AUTHENTICATEDDATA').filter(
    (source) => source.attributes.get('id') === 'Encrypted-Rights-Data',
  )
  return found.length === 1 ? found[0]?.text : undefined
}

export function writeAuthenticatedData(id: AuthenticatedDataId, data: readonly ApplicationDatum[]): string {
  return data.map(({ name, value }) => textElement('AUTHENTICATEDDATA', { id, name }, value)).join('')
}
