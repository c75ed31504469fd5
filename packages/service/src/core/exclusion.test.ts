/** Exclusion policies in the core: certificates, licences, and what licences say to clients. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import { addExclusion, listExclusions, removeExclusion, type ExclusionInput } from '../administration/exclusions.ts'
import { acquireContentKey } from './acquire-content-key.ts'
import { acquireLicense } from './acquire-license/index.ts'
import { certify } from './certify.ts'
import { openAs, publishOffline, signUp } from './client.fixture.ts'
import { at, info, lastRecord, openTestCluster } from './cluster.fixture.ts'
import { setState } from '../administration/set-state.ts'
import { admit } from '../administration/admission.ts'

function refused(code: ErrorCode): (error: unknown) => boolean {
  return (error) => isRightsError(error, code)
}

async function cast() {
  const cluster = await openTestCluster()
  const [alice, ben] = [await signUp(cluster, 'alice'), await signUp(cluster, 'ben')]
  const { chain } = await publishOffline(cluster, alice, { grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }] })
  const { context, administration } = cluster
  const exclude = (input: ExclusionInput) => addExclusion(administration, input)
  const certifyAgain = () =>
    certify(context, { caller: ben.caller, info, machineChain: ben.machineChain, persistent: true })
  return { cluster, context, administration, alice, ben, chain, exclude, certifyAgain }
}

suite('an excluded account', () => {
  test('by any address gets no licence and no publishing certificate, whoever it is', async () => {
    const { cluster, administration, alice, ben, chain, exclude } = await cast()
    await exclude({ kind: 'user', subject: 'Ben.Alias@lakeside.example' })
    await assert.rejects(openAs(cluster, ben, chain), refused('account-excluded'))
    assert.deepEqual((await lastRecord(cluster))['reason'], 'account-excluded')
    await assert.rejects(publishOffline(cluster, ben, { grants: [] }), refused('account-excluded'))
    // Owners and publishers are people like others.
    await exclude({ kind: 'user', subject: 'alice@lakeside.example' })
    await assert.rejects(openAs(cluster, alice, chain), refused('account-excluded'))
    await removeExclusion(administration, { kind: 'user', subject: 'ben.alias@lakeside.example' })
    assert.deepEqual((await openAs(cluster, ben, chain)).rights, ['VIEW'])
    assert.equal((await lastRecord(cluster, 'administration'))['operation'], 'remove-exclusion')
  })

  test('by its key opens nothing; the next certificate has a new key', async () => {
    const { cluster, ben, chain, exclude } = await cast()
    await exclude({ kind: 'account-key', certificate: at(ben.chain, 0) })
    await assert.rejects(openAs(cluster, ben, chain), refused('account-excluded'))
    const again = await signUp(cluster, 'ben')
    assert.notEqual(again.key.publicKey.fingerprint, ben.key.publicKey.fingerprint)
    assert.deepEqual((await openAs(cluster, again, chain)).rights, ['VIEW'])
  })

  test('recovers no keys of a decommissioned cluster either', async () => {
    const { context, administration, ben, chain, exclude } = await cast()
    await admit(administration, {
      door: 'decommissioning',
      member: 'ben@lakeside.example',
      directory: context.directory,
    })
    await setState(administration, { state: 'decommissioned', force: true })
    const recover = () => acquireContentKey(context, { info, caller: ben.caller, publishingLicense: chain })
    assert.ok((await recover()).length > 0)
    await exclude({ kind: 'user', subject: 'ben@lakeside.example' })
    await assert.rejects(recover(), refused('account-excluded'))
  })
})

suite('an excluded machine', () => {
  test('by its certificate gets no certificates, and those that it has open nothing', async () => {
    const { cluster, administration, ben, chain, exclude, certifyAgain } = await cast()
    await exclude({ kind: 'machine', certificate: at(ben.machineChain, 0) })
    assert.equal((await listExclusions(administration)).length, 2)
    await assert.rejects(certifyAgain(), refused('machine-excluded'))
    assert.equal((await lastRecord(cluster))['reason'], 'machine-excluded')
    await assert.rejects(openAs(cluster, ben, chain), refused('machine-excluded'))
    // Another name for the same key does not help.
    await assert.rejects(signUp(cluster, 'ben'), refused('machine-excluded'))
  })

  test('by its identifier alone, in any spelling', async () => {
    const { cluster, ben, chain, exclude, certifyAgain } = await cast()
    const [, id = ''] = /Machine-Unique-Identifier"><ID type="MS-GUID">(\{[^}]+\})/.exec(at(ben.machineChain, 0)) ?? []
    await exclude({ kind: 'machine', subject: id.toUpperCase() })
    await assert.rejects(certifyAgain(), refused('machine-excluded'))
    await assert.rejects(openAs(cluster, ben, chain), refused('machine-excluded'))
  })

  for (const [minimum, accepted] of [
    ['1.0.0.0', true],
    ['1.0.0.1', false],
    ['0.9', true],
    ['2.0', false],
  ] as const) {
    test(`a security processor 1.0.0.0 where ${minimum} is wanted: ${accepted ? 'accepted' : 'refused'}`, async () => {
      const { cluster, ben, chain, exclude, certifyAgain } = await cast()
      await exclude({ kind: 'security-processor', minimum: '9.9' })
      await exclude({ kind: 'security-processor', minimum })
      if (accepted) {
        await certifyAgain()
        assert.deepEqual((await openAs(cluster, ben, chain)).rights, ['VIEW'])
        return
      }
      await assert.rejects(certifyAgain(), refused('machine-excluded'))
      await assert.rejects(openAs(cluster, ben, chain), refused('machine-excluded'))
    })
  }
})

function policy(minimum: string, maximum: string): string {
  return `<POLICY><OBJECT><ID type="filename">oldreader.exe</ID><VERSIONSPAN min="${minimum}" max="${maximum}" /></OBJECT></POLICY>`
}

test('programs and systems are written into use licences, in the order of the specification', async () => {
  const { context, administration, ben, chain, exclude } = await cast()
  const ask = async () => {
    const licensed = await acquireLicense(context, { info, accountChain: ben.chain, publishingLicense: chain })
    return at(licensed.chain, 0)
  }
  assert.doesNotMatch(await ask(), /POLICYLIST|OS-Exclusion/)
  await exclude({ kind: 'application', subject: 'OldReader.exe', maximum: '2.5.0.0' })
  await exclude({ kind: 'application', subject: 'OldReader.exe', minimum: '3.0.0.0', maximum: '3.0.0.9' })
  await exclude({ kind: 'operating-system', maximum: '2.5.1.2600' })
  await exclude({ kind: 'operating-system', maximum: '2.5.1.2601' })
  assert.ok(
    (await ask()).includes(
      '</WORK><CONDITIONLIST><CONDITION NAME="OS-Exclusion" TYPE="versionspan">0-2.5.1.2601</CONDITION></CONDITIONLIST>' +
        `<POLICYLIST type="exclusion">${policy('0.0.0.0', '2.5.0.0')}${policy('3.0.0.0', '3.0.0.9')}</POLICYLIST></BODY>`,
    ),
  )
  await removeExclusion(administration, { kind: 'application', subject: 'oldreader.EXE' })
  await removeExclusion(administration, { kind: 'operating-system' })
  assert.doesNotMatch(await ask(), /POLICYLIST|OS-Exclusion/)
})

test('an exclusion that is made while a licence is decided counts for that licence', async () => {
  const { cluster, context, administration, ben, chain, exclude } = await cast()
  let refusals = 0
  for (let round = 0; round < 60; round++) {
    const asked = openAs(cluster, ben, chain).catch((error: unknown) => {
      if (!isRightsError(error, 'account-excluded')) throw error
      refusals++
    })
    for (let turn = 0; turn < round % 30; turn++) await Promise.resolve()
    const subject = { kind: 'account-key', subject: ben.key.publicKey.fingerprint } as const
    await Promise.all([asked, exclude(subject).then(() => context.store.logs.append('licenses', { mark: 'out' }))])
    await context.store.logs.append('licenses', { mark: 'in' })
    await removeExclusion(administration, subject)
  }
  assert.ok(refusals > 0, 'the race is a race')
  let may = true
  for (const { record } of await context.store.logs.read('licenses', 0, 10_000)) {
    const row = JSON.parse(record) as { mark?: string; outcome?: string; operation?: string }
    if (row.mark !== undefined) may = row.mark === 'in'
    assert.ok(may || row.outcome !== 'granted', 'a grant was recorded after the exclusion')
  }
})

test('what names nothing is refused, and nothing is stored', async () => {
  const { administration, exclude, alice } = await cast()
  for (const input of [
    { kind: 'account-key', subject: 'abc' },
    { kind: 'account-key' },
    { kind: 'account-key', certificate: at(alice.machineChain, 0) },
    { kind: 'machine', subject: 'PC-114' },
    { kind: 'machine', certificate: at(alice.chain, 0) },
    { kind: 'application', subject: 'C:\\word.exe' },
    { kind: 'application', subject: 'word.exe', minimum: 'one' },
    { kind: 'application', subject: 'word.exe', minimum: '2.0', maximum: '1.0' },
    { kind: 'security-processor' },
    { kind: 'security-processor', subject: 'x', minimum: '1.0' },
    { kind: 'operating-system', minimum: '1.0' },
    { kind: 'user', subject: 'alice@lakeside.example', minimum: '1.0' },
  ] satisfies ExclusionInput[]) {
    await assert.rejects(exclude(input), refused('exclusion-refused'), JSON.stringify(input))
  }
  await assert.rejects(exclude({ kind: 'user', subject: 'nobody' }), refused('address-refused'))
  assert.deepEqual(await listExclusions(administration), [])
})
