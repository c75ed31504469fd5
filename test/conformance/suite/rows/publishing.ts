/** GetClientLicensorCert, AcquireIssuanceLicense and EditIssuanceLicense (fact sheet 4.2, 4.5, 6.3). */
import { orderedChecks, type Check, type Row } from '../row.ts'

const principal: Check = {
  name: 'principal',
  what: 'a draft sealed to another server',
  sent: { draft: { sealedElsewhere: true } },
  fault: 'UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException',
}
const template: Check = {
  name: 'template',
  what: 'an official template of an unknown server',
  sent: { draft: { strangeTemplate: true } },
  fault: 'InvalidOfficialRightsTemplateException',
}
/** 6.4 has the last word over the lists of 4.5 and 6.3: while decommissioned every other operation answers so. */
const decommissioned: Check = {
  name: 'decommissioned',
  what: 'a decommissioned server',
  sent: { states: ['decommissioned'] },
  fault: 'ClusterDecommissionedException',
}
const publishingOff: Check = {
  name: 'publishing-off',
  what: 'online publishing is disabled',
  sent: { states: ['publishing-off'] },
  fault: 'OnlinePublishingDisabledException',
}

const issuance = orderedChecks('4.5', 'AcquireIssuanceLicense', {}, [
  decommissioned,
  publishingOff,
  {
    name: 'syntax',
    what: 'no principal in ISSUEDPRINCIPALS',
    sent: { draft: { withoutPrincipal: true } },
    fault: 'UnspecifiedErrorException',
  },
  { ...principal, pairless: 'a principal cannot be missing and wrong' },
  // The template is encrypted with the key inside the seal: what the seal holds must be read before the template can be.
  {
    name: 'symmetric-key',
    what: 'a DES key',
    sent: { draft: { des: true } },
    fault: 'CryptoUnsupportedSymKeyException',
  },
  template,
  {
    name: 'seal',
    what: 'a seal that is not bound to the draft',
    sent: { draft: { unbound: true } },
    fault: 'EnablingBitsHashDoesNotMatchException',
  },
])

const editing = orderedChecks('6.3', 'EditIssuanceLicense', { caller: 'admitted', license: { editable: true } }, [
  decommissioned,
  {
    name: 'excluded',
    what: 'a caller whose account is excluded',
    sent: { states: ['caller-excluded'] },
    fault: 'DrmacIsExcludedException',
  },
  {
    name: 'signed',
    what: 'a changed signed licence',
    sent: { license: { tampered: true } },
    fault: 'InvalidSignedIssuanceLicenseException',
  },
  publishingOff,
  principal,
  template,
  {
    name: 'editing',
    what: 'a licence that servers may not edit',
    sent: { license: { editable: false } },
    fault: 'ServerRepublishIllegalException',
  },
])

export const publishingRows: readonly Row[] = [
  ...issuance,
  ...editing,
  {
    id: '4.5/AcquireIssuanceLicense/principal-id',
    what: 'a draft sealed to the key of the server under another identifier',
    operation: 'AcquireIssuanceLicense',
    sent: { draft: { otherServerId: true } },
    expected: { fault: 'UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException' },
  },
  {
    id: '6.3/EditIssuanceLicense/principal-id',
    what: 'a draft sealed to the key of the server under another identifier',
    operation: 'EditIssuanceLicense',
    sent: { caller: 'admitted', license: { editable: true }, draft: { otherServerId: true } },
    expected: { fault: 'UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException' },
  },
  {
    id: '4.2/GetClientLicensorCert/answer',
    what: 'a client licensor certificate and the chain of the server',
    operation: 'GetClientLicensorCert',
    sent: {},
    expected: { holds: [/<XrML[ >][^]*<XrML[ >]/] },
  },
  {
    id: '4.5/AcquireIssuanceLicense/answer',
    what: 'the signed licence and the chain of the server',
    operation: 'AcquireIssuanceLicense',
    sent: {},
    expected: { holds: [/<XrML[ >][^]*<SIGNATURE>[^]*<XrML[ >]/] },
  },
  {
    id: '6.3/EditIssuanceLicense/closed',
    what: 'a caller who is not named',
    operation: 'EditIssuanceLicense',
    sent: { license: { editable: true } },
    expected: { fault: 'UnauthorizedAccessException' },
  },
  {
    id: '6.3/EditIssuanceLicense/answer',
    what: 'the new licence',
    operation: 'EditIssuanceLicense',
    sent: { caller: 'admitted', license: { editable: true } },
    expected: { holds: [/<XrML[ >][^]*<SIGNATURE>/] },
  },
]
