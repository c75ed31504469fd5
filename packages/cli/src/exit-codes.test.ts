import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCatalogue, RightsError, type ErrorCode } from '@sealward/xrml'
import { exitCodeOf, exitCodeOfCode, exitCodes } from './exit-codes.ts'

/** Codes that say that an input is not valid. A new code of the catalogue is placed here or in exit-codes.ts. */
const invalid = `
account-certificate-expired account-certificate-signature-invalid account-certificate-unexpected
account-certificate-untrusted address-collision address-refused admin-request-invalid admin-token-file-refused
anchor-file-invalid authority-unknown batch-name-invalid certificate-not-insertable certificate-not-ours chain-anchor-untrusted
chain-issued-outside-range chain-issuer-not-entitled chain-not-linked chain-too-long challenge-invalid
cipher-mode-unknown client-authorities-refused client-check-invalid client-store-refused client-store-unknown compound-file-damaged compound-file-entry-refused
compound-file-limit-exceeded configuration-invalid connection-file-invalid content-block-size-invalid
content-ciphertext-empty content-key-mismatch content-key-size-invalid content-size-mismatch content-stream-damaged
content-too-large cryptographic-mode-mismatch data-directory-missing data-spaces-damaged directory-refused
draft-principal-unknown draft-seal-mismatch exit-export-damaged exit-instance-not-empty exclusion-refused file-already-protected
file-changed-meanwhile file-exists file-name-refused file-not-protected file-not-usable file-not-written
file-too-large file-unreadable file-verification-failed format-not-readable format-not-writable
group-expansion-too-far group-refused host-name-refused journal-refused json-license-invalid json-license-unsupported key-blob-invalid
key-not-exported key-not-found key-unknown license-text-refused licensing-url-invalid machine-chain-invalid
machine-chain-untrusted machine-key-refused mail-domain-refused malformed-data-version master-key-refused
method-not-allowed no-active-key no-matching-key parser-gave-up pfile-damaged pfile-field-refused
pfile-version-unsupported plan-input-invalid plan-invalid plan-missing policy-grants-nothing policy-refused
port-not-usable pre-license-recipient-unknown precertify-arguments-refused precertify-names-differ
private-key-unreadable project-damaged project-exists project-missing public-key-invalid publishing-license-invalid
publishing-license-outside-validity publishing-license-signature-invalid redirection-loop redirection-plan-invalid
redirection-url-blank redirection-url-host redirection-url-malformed redirection-url-not-ascii redirection-url-path
redirection-url-quote redirection-url-scheme redirection-url-trailing-dot registration-file-invalid request-log-refused request-malformed
request-too-large rest-message-invalid revocation-list-invalid rights-data-invalid rsa-key-refused runtime-unsafe sample-directory-not-empty
root-cluster-refused sub-enrolment-refused
script-text-refused script-version-invalid sealed-data-invalid sealed-record-invalid service-answer-refused
service-type-unknown service-url-refused signed-license-refused soap-argument-missing soap-envelope-invalid
soap-limit-exceeded soap-message-invalid soap-operation-unknown soap-transport-mismatch source-ends-early step-unknown
store-refused symmetric-key-unsupported template-not-mapped template-refused template-signature-invalid
template-unknown tenant-unknown text-encoding-refused tpd-chain-invalid tpd-field-refused tpd-key-mismatch tpd-key-missing
tpd-key-present tpd-key-unusable tpd-malformed tpd-password-too-short tpd-provider-type-mismatch tree-limit-exceeded
tud-chain-invalid tud-malformed unsupported-data-version use-license-mismatch user-domain-unknown validity-time-over
xml-character-refused xml-dtd-refused xml-limit-exceeded xml-not-well-formed xrml-digest-mismatch xrml-malformed
xrml-not-signed xrml-signature-invalid
`

test('every code of the catalogue is placed deliberately', () => {
  const listed = new Set(invalid.trim().split(/\s+/))
  for (const code of Object.keys(errorCatalogue) as ErrorCode[]) {
    const isInvalid = exitCodeOfCode(code) === exitCodes.invalid
    assert.equal(listed.has(code), isInvalid, `${code}: place it in exit-codes.ts, or in the list of this test`)
    listed.delete(code)
  }
  assert.deepEqual([...listed], [], 'codes that are no longer in the catalogue')
})

test('codes mean what the contract says', () => {
  const expected: readonly (readonly [ErrorCode, number])[] = [
    ['usage-invalid', 2],
    ['no-rights', 3],
    ['content-expired', 3],
    ['tpd-not-opened', 3],
    ['service-unreachable', 4],
    ['pfile-damaged', 5],
    ['configuration-invalid', 5],
    ['defect', 70],
  ]
  for (const [code, exitCode] of expected) assert.equal(exitCodeOf(new RightsError(code)), exitCode, code)
})

test('errors of the operating system are the input, all others are defects', () => {
  assert.equal(exitCodeOf(Object.assign(new Error('no such file'), { code: 'ENOENT' })), exitCodes.invalid)
  assert.equal(exitCodeOf(new TypeError('undefined is not a function')), exitCodes.defect)
  assert.equal(exitCodeOf('a string'), exitCodes.defect)
})
