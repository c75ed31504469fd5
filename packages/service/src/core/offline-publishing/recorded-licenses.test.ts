/** Licences that a public client was recorded to make offline are decrypted with the keys of the recording. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseJsonLicense, parseOfflinePolicy } from '@sealward/protocol'
import { softwareKeyHandle } from '@sealward/xrml'
import { readPreviewCertificate } from './preview-client.fixture.ts'
import { isSessionKey, possibleTexts } from './session-cipher.ts'

const project = join(import.meta.dirname, '../../../../..')
const folder = join(process.env['SEALWARD_VECTORS'] ?? join(project, '../shared/vectors'), 'rest')
const skip = existsSync(folder) || process.env['CI'] === 'true' ? false : `no recorded exchanges in ${folder}`

interface Exchange {
  readonly request: { readonly path: string; readonly body: string | null }
  readonly response: { readonly status: number; readonly body: string }
}

function recorded(file: string): { readonly certificate: string; readonly license: string } {
  const { exchanges } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { exchanges: readonly Exchange[] }
  const issued = exchanges.find(
    ({ request, response }) => request.path.endsWith('clientlicensorcertificates') && response.status === 200,
  )
  const opening = exchanges.findLast(({ request }) => request.path.endsWith('enduserlicenses'))
  const { SerializedThinCLC: certificate } = JSON.parse(issued?.response.body ?? '') as { SerializedThinCLC: string }
  const { SerializedPublishingLicense: license } = JSON.parse(opening?.request.body ?? '') as {
    SerializedPublishingLicense: string
  }
  return { certificate, license }
}

const policies = {
  '07-offline-publish-custom-open.json': {
    kind: 'policy',
    userRights: [{ users: ['bob@contoso.test'], rights: ['VIEW', 'EDIT'] }],
  },
  '08-offline-publish-template-open.json': {
    kind: 'template',
    templateId: '{11111111-2222-3333-4444-555555555555}',
  },
} as const

for (const [file, source] of Object.entries(policies)) {
  test(`reads ${file}`, { skip }, async () => {
    const { certificate, license } = recorded(file)
    const { privateKey } = readPreviewCertificate(certificate)
    const { sessionKey, policy, contentKey } = parseJsonLicense(license)
    const session = await softwareKeyHandle(privateKey).decrypt('pkcs1', sessionKey.encrypted)
    assert.ok(isSessionKey(session))
    const [text = new Uint8Array()] = possibleTexts(session, { mode: sessionKey.mode, encrypted: policy })
    assert.deepEqual(parseOfflinePolicy(text), { owner: 'alice@contoso.test', source })
    assert.equal(contentKey.mode, 'cbc4k')
    assert.equal(parseOfflinePolicy(text.subarray(0, 40)), undefined)
  })
}
