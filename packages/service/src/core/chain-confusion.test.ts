/** Chain confusion: every kind of document in every position where another one belongs (MS-RMPR 3.4.4.1, 3.3.4.1). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPairSync } from 'node:crypto'
import {
  isRightsError,
  issueCertificate,
  issueMachineCertificate,
  parseIssuingCertificate,
  parseXrml,
  rootIssuer,
  softwareKeyHandle,
} from '@sealward/xrml'
import { createTemplate } from '../administration/templates.ts'
import { acquireLicense } from './acquire-license/index.ts'
import { certify } from './certify.ts'
import { issueClientLicensor } from './client-licensor.ts'
import { publishedTemplates } from './configuration.ts'
import { acquireEndUserLicense } from './end-user-license.ts'
import { signDraft } from './sign-draft.ts'
import { publishOffline, signUp } from './client.fixture.ts'
import { info, openTestCluster } from './cluster.fixture.ts'

/** What the doors can turn into a fault of the field; anything else would be a defect. */
const accountRefusals = [
  'account-certificate-unexpected',
  'account-certificate-signature-invalid',
  'account-certificate-untrusted',
  'account-certificate-expired',
] as const
const licenseRefusals = [
  'publishing-license-invalid',
  'publishing-license-signature-invalid',
  'no-matching-key',
] as const
const machineRefusals = ['machine-chain-invalid', 'machine-chain-untrusted'] as const

test('no kind of document passes for another one', async () => {
  const cluster = await openTestCluster()
  const { context } = cluster
  const alice = await signUp(cluster, 'alice')
  const caller = alice.caller
  const { chain: licenseChain } = await publishOffline(cluster, alice, { grants: [{ to: 'ANYONE', rights: ['VIEW'] }] })
  await createTemplate(cluster.administration, {
    names: [{ lcid: 1033, name: 'T', description: 'T' }],
    grants: [{ to: 'ANYONE', rights: ['VIEW'] }],
    state: 'published',
  })
  const { chain: useChain } = await acquireLicense(context, {
    info,
    accountChain: alice.chain,
    publishingLicense: licenseChain,
  })
  const configuration = await context.configuration()
  const documents: Readonly<Record<string, string>> = {
    machine: alice.machineChain[0]!,
    machineIssuer: alice.machineChain[1]!,
    account: alice.chain[0]!,
    clientLicensor: licenseChain[1]!,
    publishing: licenseChain[0]!,
    use: useChain[0]!,
    template: publishedTemplates(configuration)[0]!.document.text,
    licensor: configuration.activeKey!.chain[0]!,
    enrolment: configuration.activeKey!.chain[1]!,
  }
  const kinds = Object.keys(documents)
  let positions = 0
  const refuses = async (codes: readonly string[], what: string, attempt: () => Promise<unknown>) => {
    positions++
    await assert.rejects(
      attempt,
      (error) => {
        assert.ok(isRightsError(error), `${what}: ${String(error)}`)
        assert.ok(codes.includes(error.code), `${what}: ${error.code}`)
        return true
      },
      what,
    )
  }

  for (const first of kinds) {
    for (const second of kinds) {
      const pair = [documents[first]!, documents[second]!]
      const what = `${first} + ${second}`
      if (first !== 'account' || second !== 'licensor') {
        await refuses(accountRefusals, `account chain ${what}`, () =>
          issueClientLicensor(context, { info, accountChain: pair }),
        )
        await refuses(accountRefusals, `licensee ${what}`, () =>
          acquireLicense(context, { info, accountChain: pair, publishingLicense: licenseChain }),
        )
      }
      if (first !== 'publishing' || second !== 'clientLicensor') {
        await refuses(licenseRefusals, `licence ${what}`, () =>
          acquireLicense(context, { info, accountChain: alice.chain, publishingLicense: pair }),
        )
        await refuses(licenseRefusals, `file ${what}`, () =>
          acquireEndUserLicense(context, { info, caller, serialized: pair.join('') }),
        )
      }
      if (first !== 'machine' || second !== 'machineIssuer') {
        await refuses(machineRefusals, `machine chain ${what}`, () =>
          certify(context, { caller, info, machineChain: pair, persistent: true }),
        )
      }
    }
    if (first === 'publishing') continue
    await refuses(['publishing-license-invalid', 'draft-principal-unknown'], `draft ${first}`, () =>
      signDraft(context, { info, caller, draft: documents[first]! }),
    )
  }
  assert.ok(positions > 350)
})

test('a stranger with the names of this service gets nowhere', async () => {
  const cluster = await openTestCluster()
  const stranger = await openTestCluster({ keyOffset: 7 })
  const { context } = cluster
  const mallory = await signUp(stranger, 'mallory')
  const { chain } = await publishOffline(stranger, mallory, { grants: [{ to: 'ANYONE', rights: ['VIEW'] }] })
  const alice = await signUp(cluster, 'alice')
  await assert.rejects(acquireLicense(context, { info, accountChain: mallory.chain, publishingLicense: chain }), {
    code: 'account-certificate-untrusted',
  })
  await assert.rejects(acquireLicense(context, { info, accountChain: alice.chain, publishingLicense: chain }), {
    code: 'no-matching-key',
  })
  await assert.rejects(
    certify(context, { caller: alice.caller, info, machineChain: mallory.machineChain, persistent: true }),
    { code: 'machine-chain-untrusted' },
  )
})

test('genuine certificates behind a forged machine certificate do not make it trusted', async () => {
  const cluster = await openTestCluster()
  const alice = await signUp(cluster, 'alice')
  const key = softwareKeyHandle(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
  const own = await issueCertificate({
    kind: 'Server-Licensor-Certificate',
    certificateId: '{11111111-1111-4111-8111-111111111111}',
    issuedAt: new Date(),
    issuer: rootIssuer('Mallory', key.publicKey),
    subject: { type: 'MS-DRM-Desktop-Security-Processor', idType: 'MS-GUID', id: '{1}', name: 'Mallory' },
    subjectKey: key.publicKey,
    issueRange: { from: new Date(0), until: new Date('2255-01-01T00:00Z') },
    key,
    hash: 'sha256',
  })
  const leaf = await issueMachineCertificate({
    certificateId: '{22222222-2222-4222-8222-222222222222}',
    machineId: '{33333333-3333-4333-8333-333333333333}',
    issuedAt: new Date(),
    issuer: parseIssuingCertificate(parseXrml(own)).principal,
    machineKey: key.publicKey,
    key,
    hash: 'sha256',
  })
  // The last certificate names the forger's key as its issuer, so the chain could seem to hold together.
  for (const machineChain of [
    [leaf, ...alice.machineChain.slice(1), own],
    [leaf, ...alice.machineChain.slice(1, 2), own],
    [leaf, own],
  ]) {
    await assert.rejects(
      certify(cluster.context, { caller: alice.caller, info, machineChain, persistent: true }),
      (error) => isRightsError(error, ...machineRefusals),
    )
  }
})

test('a caller cannot use the certificate of somebody else', async () => {
  const cluster = await openTestCluster()
  const alice = await signUp(cluster, 'alice')
  const { chain } = await publishOffline(cluster, alice, { grants: [] })
  const caller = await cluster.caller('mallory')
  await assert.rejects(
    acquireLicense(cluster.context, { info, caller, accountChain: alice.chain, publishingLicense: chain }),
    { code: 'account-certificate-not-callers' },
  )
  await assert.rejects(issueClientLicensor(cluster.context, { info, caller, accountChain: alice.chain }), {
    code: 'account-certificate-not-callers',
  })
})

test('no character of a licence or certificate can change', async () => {
  const cluster = await openTestCluster()
  const alice = await signUp(cluster, 'alice')
  const { chain } = await publishOffline(cluster, alice, { grants: [] })
  for (const [index, text] of chain.entries()) {
    for (let at = 5; at < text.length; at += 97) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
      const publishingLicense = chain.map((original, place) => (place === index ? changed : original))
      await assert.rejects(
        acquireLicense(cluster.context, { info, accountChain: alice.chain, publishingLicense }),
        (error) => isRightsError(error, ...licenseRefusals),
      )
    }
  }
})
