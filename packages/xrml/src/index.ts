/**
 * XrML 1.2 as rights management uses it: certificates and licences as exact signed text, sealing, rights and decisions.
 * Pure: no I/O and no clock; random bytes are an input.
 */
export { RightsError, isRightsError } from './errors/rights-error.ts'
export type { RightsErrorOptions } from './errors/rights-error.ts'
export { errorCatalogue } from './errors/catalogue.ts'
export type { ErrorCode, ErrorEntry } from './errors/catalogue.ts'

export { decodeText, utf16le } from './text/encoding.ts'
export { child, children, descendant, rawContent, rawElement } from './text/element.ts'
export type { XmlElement } from './text/element.ts'
export { readXml, readXmlFragments } from './text/reader.ts'
export type { ReadXmlOptions } from './text/reader.ts'
export { defaultXmlLimits } from './text/limits.ts'
export type { XmlLimits } from './text/limits.ts'
export { element, escapeAttribute, escapeText, textElement } from './text/writer.ts'
export type { Attributes, Markup } from './text/writer.ts'
export { decodeBase64, encodeBase64 } from './text/base64.ts'

export { chainLengthMost, licenseLengthMost, parseXrml, parseXrmlChain } from './document.ts'
export type { DocumentLimits, DocumentType, XrmlDocument } from './document.ts'
export { parseSignedXrml } from './surface-coding.ts'
export { digestMatches, issuerKeyOf, parseSignature, signXrml, verifySignature } from './signature.ts'
export type { ParsedSignature, SignatureOrder, SignInput } from './signature.ts'
export { checkLink, orderChain, validateChain } from './chain.ts'
export type { ValidateChainInput } from './chain.ts'
export { verifyDocuments } from './verify-documents.ts'
export type { ChainVerdict, DocumentsVerdict, DocumentVerdict } from './verify-documents.ts'

export { mode1, mode2, modeOfKey } from './crypto/modes.ts'
export type { CryptographicMode, HashName, SealedKeyType } from './crypto/modes.ts'
export { publicKeyFromKeyObject, publicKeyFromModulus, reversed, samePublicKey } from './crypto/public-key.ts'
export type { PublicKey } from './crypto/public-key.ts'
export { softwareKeyHandle } from './crypto/key-handle.ts'
export type { Awaitable, KeyHandle } from './crypto/key-handle.ts'
export { cipherModeNumbers, readContentKey, writeContentKey } from './crypto/key-header.ts'
export type { CipherMode, ContentKey, KeyHeaderFields } from './crypto/key-header.ts'
export { sealEnablingBits, sealIsBoundTo, unsealEnablingBits } from './crypto/enabling-bits.ts'
export type { SealInput, UnsealedBits } from './crypto/enabling-bits.ts'
export { decryptRightsData, encryptRightsData } from './crypto/rights-data.ts'
export { privateKeyBlobSize, readPrivateKeyBlob, writePrivateKeyBlob } from './crypto/key-blob.ts'
export {
  enablingBitsHashCandidates,
  enablingBitsHashInput,
  hashInputOf,
  recoveredKeyBytes,
} from './crypto/unconfirmed.ts'
export type { EnablingBitsHashInput } from './crypto/unconfirmed.ts'

export { addressOf, canonicalGuid, sameId, writeObject } from './elements/object.ts'
export type { ObjectFields, XrmlAddress, XrmlObject } from './elements/object.ts'
export { parseTime, within, writeTime } from './elements/times.ts'
export type { IntervalTime, RangeTime } from './elements/times.ts'
export { noTimes, rightsEntriesMost, writeRightsGroup } from './elements/rights-list.ts'
export type { EntryPrincipal, RightsEntry, TimeConditions } from './elements/rights-list.ts'
export { compareVersions, lastVersion, versionForm } from './elements/version.ts'
export { parseIssuedPrincipal, securityLevel } from './elements/principal.ts'
export type { EnablingBits, KeyedPrincipal, Principal, SecurityLevel } from './elements/principal.ts'
export { writePublicKey } from './elements/public-key.ts'
export { distributionUrl, writeDistributionPoint } from './elements/distribution-point.ts'
export type { DistributionPoint, DistributionPointKind } from './elements/distribution-point.ts'
export { parseLocalizedNames, writeDescriptor, writeLocalizedNames } from './elements/descriptor.ts'
export type { LocalizedName } from './elements/descriptor.ts'
export { writeAuthenticatedData } from './elements/authenticated-data.ts'
export type { ApplicationDatum } from './elements/authenticated-data.ts'
export { writeExclusionList } from './elements/policy-list.ts'
export type { ExcludedApplication, PolicyList } from './elements/policy-list.ts'
export { writeRefresh } from './elements/refresh.ts'
export type { RefreshCondition, RevocationPoint } from './elements/refresh.ts'
export { writeOwner } from './elements/work.ts'
export type { Owner, Work } from './elements/work.ts'

export {
  issueCertificate,
  parseIssuedTime,
  parseIssuingCertificate,
  parseValidity,
  rootIssuer,
} from './certificates/issuing-certificate.ts'
export type { IssueCertificateInput, IssuingCertificate } from './certificates/issuing-certificate.ts'
export { issueMachineCertificate, parseMachineCertificate } from './certificates/machine-certificate.ts'
export type { IssueMachineCertificateInput, MachineCertificate } from './certificates/machine-certificate.ts'
export { issueAccountCertificate, openAccountKey, parseAccountCertificate } from './certificates/account-certificate.ts'
export type {
  AccountCertificate,
  AccountIdentity,
  IssueAccountCertificateInput,
} from './certificates/account-certificate.ts'
export {
  issueClientLicensorCertificate,
  openClientLicensorKey,
  parseClientLicensorCertificate,
} from './certificates/client-licensor-certificate.ts'
export type {
  ClientLicensorCertificate,
  IssueClientLicensorCertificateInput,
} from './certificates/client-licensor-certificate.ts'

export {
  parsePublishingLicense,
  signPublishingLicenseOffline,
  signPublishingLicenseOnline,
  writePublishingLicenseDraft,
} from './licenses/publishing-license.ts'
export type { PublishingLicense, PublishingLicenseParts } from './licenses/publishing-license.ts'
export { diagnoseSeal } from './licenses/diagnose-seal.ts'
export type { SealDiagnosis, SealTransport } from './licenses/diagnose-seal.ts'
export { openPublishingLicense } from './licenses/open-publishing-license.ts'
export type { OpenedPublishingLicense } from './licenses/open-publishing-license.ts'
export { issueRightsTemplate, writeRightsData } from './licenses/rights-policy.ts'
export type { Grant, IssueTemplateInput, PolicyFields, RightsDataInput } from './licenses/rights-policy.ts'
export { issueOwnerUseLicense, issueUseLicense, openUseLicense, parseUseLicense } from './licenses/use-license.ts'
export type { IssueUseLicenseInput, UseLicense } from './licenses/use-license.ts'

export {
  issueRevocationList,
  parseRevocationList,
  revocationListLengthMost,
  revokedBy,
} from './licenses/revocation-list.ts'
export type { RevocationEntry, RevocationList } from './licenses/revocation-list.ts'

export { anyone, holds, knownRights, owner, removalRights, roleRights } from './rights/vocabulary.ts'
export { parsePolicy } from './rights/policy.ts'
export type { RightsPolicy } from './rights/policy.ts'
export { decide, names } from './rights/decide.ts'
export type {
  DecideInput,
  DecideStep,
  DecisionGround,
  DenialReason,
  GrantedRight,
  ResolvedPrincipal,
  RightsDecision,
} from './rights/decide.ts'
