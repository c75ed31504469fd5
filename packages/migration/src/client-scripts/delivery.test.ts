/** What other systems deliver: group policy, device management, name servers, our own client. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { child, children, readXml } from '@sealward/xrml'
import { changeParts, inverseOperations } from './client-change.ts'
import { checkPlan } from './redirection-plan.ts'
import { number, text, type RegistryOperation } from './registry-operation.ts'
import { clientScripts } from './script-files.ts'
import { smallPlan } from './small-organisation.fixture.ts'

const { files } = clientScripts(smallPlan)
const parts = changeParts(checkPlan(smallPlan))

function file(path: string): string {
  const found = files.find((each) => each.path === path)
  assert.ok(found !== undefined, path)
  return Buffer.from(found.content).toString('utf8')
}

/** Items of group policy as operations; deleting that runs once is cleaning up. */
function policyOperations(path: string): readonly RegistryOperation[] {
  return children(readXml(file(path)), 'Registry').map((item): RegistryOperation => {
    const once = child(item, 'Filters')
    const { attributes } = child(item, 'Properties')!
    const key = attributes.get('key') ?? ''
    const name = attributes.get('name') ?? ''
    const value = attributes.get('value') ?? ''
    const action = attributes.get('action')
    const place = { hive: attributes.get('hive') === 'HKEY_LOCAL_MACHINE' ? ('HKLM' as const) : ('HKCU' as const), key }
    if (action === 'U') {
      assert.equal(attributes.get('default'), name === '' ? '1' : '0')
      return attributes.get('type') === 'REG_DWORD'
        ? number(place, name, parseInt(value, 16))
        : text(place, name, value)
    }
    assert.equal(action, 'D')
    if (name !== '') return { action: 'deleteValue', ...place, name }
    assert.ok(once !== undefined, 'cleaning up runs once')
    return { action: 'deleteContents', ...place }
  })
}

test('group policy has one item for each value, and cleaning up runs once', () => {
  for (const part of parts) {
    const name = `${part.change}-${part.part}`
    assert.deepEqual(policyOperations(`group-policy/${name}.xml`), [...part.operations, ...part.stamp])
    assert.deepEqual(policyOperations(`group-policy/undo-${name}.xml`), inverseOperations(part))
  }
  const identifiers = files
    .filter(({ path }) => path.startsWith('group-policy/'))
    .flatMap(({ path }) => children(readXml(file(path)), 'Registry').map(({ attributes }) => attributes.get('uid')))
  assert.equal(new Set(identifiers).size, identifiers.length)
})

test('device management gets the detection and the script that stand beside it', () => {
  for (const part of parts) {
    for (const direction of ['', 'undo-']) {
      const name = `${direction}${part.change}-${part.part}`
      const body = JSON.parse(file(`device-management/${name}.json`)) as Record<string, unknown>
      const decoded = (field: string): string => Buffer.from(String(body[field]), 'base64').toString()
      assert.equal(decoded('detectionScriptContent'), file(`device-management/${name}-detect.ps1`))
      // The agent calls it because something is missing: the version must not keep it from working.
      const remediation = decoded('remediationScriptContent')
      assert.doesNotMatch(remediation, /param\(/)
      assert.doesNotMatch(remediation, /\$Force/)
      assert.equal(body['runAsAccount'], part.part === 'machine' ? 'system' : 'user')
      assert.equal(body['runAs32Bit'], false)
    }
  }
})

test('name servers: redirection for each full host name, removal of each discovery record, and both ways back', () => {
  assert.equal(
    file('dns/rmsredir.zone'),
    [
      '_rmsredir._http._tcp.rights-extranet.lakeside.test. 300 IN SRV 0 0 443 rights.lakeside.example.',
      '_rmsredir._http._tcp.rms.lakeside.test. 300 IN SRV 0 0 443 rights.lakeside.example.',
      '',
    ].join('\n'),
  )
  assert.match(
    file('dns/rmsredir-remove.nsupdate'),
    /^update delete \S+\. IN SRV 0 0 443 rights\.lakeside\.example\.$/m,
  )
  assert.equal(file('dns/rmsdisco-remove.nsupdate'), 'update delete _rmsdisco._http._tcp.lakeside.test. IN SRV\nsend\n')
  assert.equal(
    file('dns/rmsdisco-add.nsupdate'),
    'update add _rmsdisco._http._tcp.lakeside.test. 300 IN SRV 0 0 443 rms.lakeside.test.\nsend\n',
  )
})

test('PowerShell and batch files carry the same values', () => {
  for (const part of parts) {
    const name = `${part.change}/${part.change}-${part.part}`
    const sets = [...part.operations, ...part.stamp].filter(({ action }) => action === 'set')
    const powerShell = [
      ...file(`${name}.ps1`).matchAll(/^ {4}Set-Value '([^']+)' '([^']*)' '?([^']+?)'?(?: 'String'| 'DWord')\r$/gm),
    ]
    assert.deepEqual(
      powerShell.map(([, key, valueName, data]) => [key, valueName, data]),
      sets.map((each) => each.action === 'set' && [each.key, each.name, String(each.value.data)]),
    )
  }
})

test('scripts are plain ASCII with line ends of Windows, and the same plan gives the same bytes', () => {
  for (const { path, content } of files.filter((each) => /\.(cmd|ps1)$/.test(each.path))) {
    assert.match(Buffer.from(content).toString('latin1'), /^(?:[\u0020-\u007e]*\r\n)+$/, path)
  }
  assert.deepEqual(clientScripts(structuredClone(smallPlan)).files, files)
})
