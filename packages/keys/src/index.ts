/**
 * RSA keys wherever they live, behind one interface, and the files that carry them. Pure of files and network: rows and
 * file contents come in and go out as values.
 */
export { readTpd } from './trusted-publishing-domain/read-tpd.ts'
export type { ReadTpdInput, TrustedPublishingDomain } from './trusted-publishing-domain/read-tpd.ts'
export type { TpdInfo } from './trusted-publishing-domain/domain-info.ts'
export type { TpdLimits } from './trusted-publishing-domain/envelope.ts'
export type { TpdDerivation } from './trusted-publishing-domain/password-encryption.ts'
export { checkTpd } from './trusted-publishing-domain/check-tpd.ts'
export type { CheckedTpd, CheckTpdInput, TpdWarning } from './trusted-publishing-domain/check-tpd.ts'
export type { CheckedTemplate } from './trusted-publishing-domain/check-template.ts'
export { writeTpd } from './trusted-publishing-domain/write-tpd.ts'
export type { TpdContent, WriteTpdOptions } from './trusted-publishing-domain/write-tpd.ts'
export { joinTpd, splitTpd } from './trusted-publishing-domain/split-tpd.ts'
export type { SplitTpd } from './trusted-publishing-domain/split-tpd.ts'

export { readTud } from './trusted-user-domain/read-tud.ts'
export { writeTud } from './trusted-user-domain/write-tud.ts'
export { checkTud } from './trusted-user-domain/check-tud.ts'
export type { CheckedTud } from './trusted-user-domain/check-tud.ts'

export { readPrivateKeyPem, writePrivateKeyPem } from './rsa/private-key-pem.ts'
export type { PemForm } from './rsa/private-key-pem.ts'
export { checkRsaPrivateKey } from './rsa/key-strength.ts'

export {
  masterKeyFromFile,
  masterKeyFromPassphrase,
  newMasterKeyFile,
  newScryptParameters,
} from './vault/master-key.ts'
export type { MasterKey, ScryptParameters } from './vault/master-key.ts'
export { openSecret, sealSecret } from './vault/sealed-record.ts'
export type { SealContext } from './vault/sealed-record.ts'
export { rsaKeySizes } from './vault/key-store.ts'
export type { KeyStore, RsaKeySize, StoredKey } from './vault/key-store.ts'
export { createSoftwareVault } from './vault/software-vault.ts'
export type { SealedKeyRow, SoftwareVaultInput, VaultStorage } from './vault/software-vault.ts'

export { assertImplicitRejection } from './self-test.ts'
export type { DecryptPkcs1 } from './self-test.ts'
