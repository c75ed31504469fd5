/** Where in a machine's chain a trusted authority counts (MS-RMPR 3.3.4.1). */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { suite, test } from 'node:test'
import {
  issueCertificate,
  issueMachineCertificate,
  mode2,
  parseIssuingCertificate,
  parseXrml,
  rootIssuer,
  softwareKeyHandle,
  type PublicKey,
} from '@sealward/xrml'
import { at, openTestCluster, start } from './cluster.fixture.ts'
import { serviceState } from './service-state.ts'
import { verifyMachine } from './verify-machine.ts'

const year = 365 * 86_400_000
const range = { from: new Date(start.getTime() - year), until: new Date(start.getTime() + year) }
/** Of the machine, of the authorities above it, and of the root, which sends no certificate. */
const keys = Array.from({ length: 7 }, () =>
  softwareKeyHandle(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
)
const [machine, ...above] = keys.map(({ publicKey }) => publicKey)
const root = at(above, above.length - 1)

/** A machine below five authorities, as chains of Windows clients are, leaf first. */
async function machineChain(): Promise<readonly string[]> {
  let issuer = rootIssuer('Harbour Root', root)
  const chain: string[] = []
  for (let position = above.length - 2; position >= 0; position--) {
    const text = await issueCertificate({
      kind: position === 0 ? 'Server-Licensor-Certificate' : 'DRM-CA-Certificate',
      certificateId: `{00000000-0000-4000-8000-00000000000${position}}`,
      issuedAt: start,
      issuer,
      subject: { type: 'DRM-Certificate-Authority', idType: 'ascii-tag', id: `Harbour CA ${position}` },
      subjectKey: at(above, position),
      issueRange: range,
      key: at(keys, position + 2),
      hash: mode2.hash,
    })
    issuer = parseIssuingCertificate(parseXrml(text)).principal.content
    chain.unshift(text)
  }
  const leaf = await issueMachineCertificate({
    certificateId: '{00000000-0000-4000-8000-0000000000AA}',
    machineId: '{00000000-0000-4000-8000-0000000000BB}',
    issuedAt: start,
    issuer: parseIssuingCertificate(parseXrml(at(chain, 0))).principal,
    machineKey: machine!,
    key: at(keys, 1),
    hash: mode2.hash,
  })
  return [leaf, ...chain]
}

suite('a machine chain of which one key is trusted', async () => {
  const { context } = await openTestCluster()
  const { configuration, activeKey } = await serviceState(context, 'certify')
  const chain = await machineChain()
  const verify = (trusted: PublicKey) =>
    verifyMachine(
      { ...context, cluster: { ...context.cluster, trustedMachineAuthorities: [trusted.fingerprint] } },
      configuration,
      activeKey,
      chain,
    )

  for (const position of [0, 1]) {
    test(`is trusted: certificate ${position + 1} after that of the machine`, () => {
      assert.equal(verify(at(above, position)).principal.publicKey.fingerprint, machine!.fingerprint)
    })
  }

  const others: Readonly<Record<string, PublicKey>> = {
    'certificate 3 after that of the machine': at(above, 2),
    'certificate 4': at(above, 3),
    'certificate 5': at(above, 4),
    'the root': root,
    'the machine itself': machine!,
  }
  for (const [name, key] of Object.entries(others)) {
    test(`is not trusted: ${name}`, () => {
      assert.throws(() => verify(key), { name: 'RightsError', code: 'machine-chain-untrusted' })
    })
  }
})
