/**
 * Which certificate may stand above which document (threat X6). The kind of the document decides, and for issuing
 * certificates also the kind of their principal: the servers' branch and the branch that certifies machines hang below the
 * same root, every client installation holds a key of the latter, and such a key must never make a server or an account.
 */
import type { DocumentType, XrmlDocument } from './document.ts'
import { parseIssuedPrincipal } from './elements/principal.ts'

const issuerTypes: Readonly<Record<DocumentType, readonly DocumentType[]>> = {
  'ca-certificate': ['ca-certificate'],
  'server-licensor-certificate': ['server-licensor-certificate', 'ca-certificate'],
  'machine-certificate': ['server-licensor-certificate'],
  'account-certificate': ['server-licensor-certificate'],
  'client-licensor-certificate': ['server-licensor-certificate'],
  'use-license': ['server-licensor-certificate', 'client-licensor-certificate'],
  'publishing-license': ['server-licensor-certificate', 'client-licensor-certificate'],
  'rights-template': ['server-licensor-certificate'],
  'rights-data': [],
  // Its authority is a pinned key, not a certificate.
  'revocation-list': [],
  unknown: [],
}

/** OBJECT type of the principals of issuing certificates in the servers' branch. */
const serverBranch: Partial<Readonly<Record<DocumentType, string>>> = {
  'ca-certificate': 'DRM-Certificate-Authority',
  'server-licensor-certificate': 'MS-DRM-Server',
  'client-licensor-certificate': 'Group-Identity',
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function mayIssue(issuer: XrmlDocument, document: XrmlDocument): boolean {
  if (!issuerTypes[document.type].includes(issuer.type)) return false
  return !isOfServerBranch(document) || isOfServerBranch(issuer)
}

function isOfServerBranch(document: XrmlDocument): boolean {
  if (document.type === 'machine-certificate') return false
  const objectType = serverBranch[document.type]
  return objectType === undefined || parseIssuedPrincipal(document.body).object.type === objectType
}
