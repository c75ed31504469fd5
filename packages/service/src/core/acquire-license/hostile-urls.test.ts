/** N1: the service reads licences and asks nobody whom they name, whatever the address and whichever door they come through. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { writeDistributionPoint, writeRefresh } from '@sealward/xrml'
import { hostileUrls } from '../../../../../test/hostile/hostile-urls.ts'
import { outboundAttempts } from '../../../../../test/hostile/outbound-attempts.ts'
import { admit } from '../../administration/admission.ts'
import { openAs, publishOffline, signUp } from '../client.fixture.ts'
import { info, openTestCluster } from '../cluster.fixture.ts'
import { draftOf, type Draft } from '../draft.fixture.ts'
import { signDraft } from '../sign-draft.ts'
import { acquirePreLicense } from './pre-license.ts'

suite('a licence that names hostile addresses', async () => {
  const cluster = await openTestCluster()
  const { context } = cluster
  const alice = await signUp(cluster, 'alice')
  const ben = await signUp(cluster, 'ben')
  const { publicKey } = (await context.configuration()).activeKey!.handle
  const server = await cluster.caller('clara')
  const door = { door: 'pre-licensing', member: server.user.address, directory: context.directory } as const
  await admit(cluster.administration, door)
  const grants = [{ to: ben.caller.user.address, rights: ['VIEW'] }]

  for (const url of hostileUrls) {
    const refresh = writeRefresh({ listId: '0e1b0a1c-1111-4222-8333-444455556666', url, publicKey }, 86_400_000)
    const parts = {
      licensingUrl: url,
      externalLicensingUrl: url,
      referral: writeDistributionPoint('Referral-Info', url, 'Whoever'),
    }

    for (const publishing of ['offline', 'online'] as const) {
      test(`N1: ${url}, published ${publishing}`, async () => {
        const attempts = await outboundAttempts(async () => {
          const draft: Draft = { ...parts, policy: { refresh } }
          const { chain } =
            publishing === 'offline'
              ? await publishOffline(cluster, alice, { grants, parts, refresh })
              : await signDraft(context, { info, caller: alice.caller, draft: await draftOf(cluster, draft) })
          assert.deepEqual((await openAs(cluster, ben, chain)).rights, ['VIEW'])
          const { address } = ben.caller.user
          await acquirePreLicense(context, { caller: server, info, address, publishingLicense: chain })
        })
        assert.deepEqual(attempts, [])
      })
    }
  }
})
