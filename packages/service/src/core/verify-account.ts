/**
 * Rights account certificates from the wire (MS-RMPR 3.4.4.1): trust is the pinned key of the issuer; whatever chain the
 * client sends along adds nothing to it and must not contradict it. One identity: where the request also has a caller,
 * certificate and caller must be the same person (threat P1).
 */
import {
  checkLink,
  isRightsError,
  parseAccountCertificate,
  parseSignedXrml,
  RightsError,
  samePublicKey,
  parseIssuingCertificate,
  validateChain,
  within,
  type AccountCertificate,
  type XrmlDocument,
} from '@sealward/xrml'
import { requireActiveKey, type Configuration, type ServiceKey } from './configuration.ts'
import type { CoreContext } from './ports.ts'
import { admittedAddresses, userDomainOf } from './user-domains.ts'

/**
 * @throws RightsError `account-certificate-unexpected`, `account-certificate-signature-invalid`,
 * `account-certificate-expired`, `account-certificate-untrusted`, `cryptographic-mode-mismatch`
 */
export function verifyAccount(
  context: CoreContext,
  configuration: Configuration,
  accountChain: readonly string[],
): AccountCertificate {
  const now = context.clock.now()
  const [text, issuer] = accountChain
  const texts = issuer === undefined ? [text ?? ''] : [text ?? '', issuer]
  const { licenseeCertificateBytes } = context.cluster.limits
  if (text === undefined || texts.some((part) => part.length > licenseeCertificateBytes)) {
    throw new RightsError('account-certificate-unexpected')
  }
  const known = context.accountCache.get(texts, configuration.version)
  if (known !== undefined) {
    if (!within(now, known.validity)) throw new RightsError('account-certificate-expired')
    return known
  }
  const document = readAccountDocument(ownCopy(text))
  const account = readAccount(document)
  checkIssuerText(account, issuer, configuration)
  checkValid(account, document, now)
  checkMode(account, requireActiveKey(configuration))
  checkTrust(context, configuration, account)
  context.accountCache.set(texts, configuration.version, account)
  return account
}

/** The text is a part of a message, and as long as a part is kept, the runtime keeps the whole. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}

function readAccountDocument(text: string): XrmlDocument {
  try {
    return parseSignedXrml(text)
  } catch (cause) {
    throw new RightsError('account-certificate-unexpected', { cause })
  }
}

function readAccount(document: XrmlDocument): AccountCertificate {
  try {
    return parseAccountCertificate(document)
  } catch (cause) {
    throw new RightsError('account-certificate-unexpected', { cause })
  }
}

/** The certificate sent as that of the issuer, unless it is character by character one that this service holds. */
function checkIssuerText(account: AccountCertificate, text: string | undefined, configuration: Configuration): void {
  if (text === undefined || configuration.activeKey?.chain[0] === text) return
  let issuer: XrmlDocument
  try {
    issuer = parseSignedXrml(text)
    const certificate = parseIssuingCertificate(issuer)
    if (!samePublicKey(certificate.principal.publicKey, account.issuer.publicKey))
      throw new RightsError('chain-not-linked')
  } catch (cause) {
    throw new RightsError('account-certificate-unexpected', { cause, detail: 'the certificate sent as its issuer' })
  }
  try {
    checkLink(account.document, issuer)
  } catch (cause) {
    throw new RightsError('account-certificate-signature-invalid', { cause })
  }
}

/** Signature, validity and key sizes; that the signing key is the one named as issuer is no trust yet. */
function checkValid(account: AccountCertificate, document: XrmlDocument, now: Date): void {
  try {
    validateChain({ documents: [document], anchors: [account.issuer.publicKey], now })
  } catch (cause) {
    if (isRightsError(cause, 'validity-time-over')) throw new RightsError('account-certificate-expired', { cause })
    if (isRightsError(cause, 'cryptographic-mode-mismatch')) throw cause
    throw new RightsError('account-certificate-signature-invalid', { cause })
  }
}

function checkMode(account: AccountCertificate, active: ServiceKey): void {
  if (
    account.principal.publicKey.bits === active.mode.keyBits &&
    account.issuer.publicKey.bits === active.mode.keyBits
  ) {
    return
  }
  throw new RightsError('cryptographic-mode-mismatch', {
    detail: `the account certificate has RSA ${account.principal.publicKey.bits}, the service works in mode ${active.mode.number}`,
  })
}

function checkTrust(context: CoreContext, configuration: Configuration, account: AccountCertificate): void {
  const domain = userDomainOf(configuration, account)
  if (domain !== undefined) {
    admittedAddresses(context, configuration, domain, account)
    return
  }
  if (context.cluster.rootAccountIssuers.includes(account.issuer.publicKey.fingerprint)) return
  const issuer = ownIssuerOf(configuration, account)
  if (issuer === undefined) throw new RightsError('account-certificate-untrusted')
  try {
    checkLink(account.document, issuer.licensor.document)
  } catch (cause) {
    throw new RightsError('account-certificate-signature-invalid', { cause })
  }
}

/**
 * Whether the certificate names somebody of our own directory; those of trusted user domains never do. Asked again for each
 * configuration: a user domain that was removed meanwhile is a stranger, not one of us.
 */
export function isOwnAccount(context: CoreContext, configuration: Configuration, account: AccountCertificate): boolean {
  if (userDomainOf(configuration, account) !== undefined) return false
  return (
    context.cluster.rootAccountIssuers.includes(account.issuer.publicKey.fingerprint) ||
    ownIssuerOf(configuration, account) !== undefined
  )
}

/** The key of this service that issued the certificate. */
function ownIssuerOf(configuration: Configuration, account: AccountCertificate): ServiceKey | undefined {
  return configuration.ownKeys.find((key) => samePublicKey(key.licensor.principal.publicKey, account.issuer.publicKey))
}
