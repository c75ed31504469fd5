/** For tests: limits of a body as a whole, before anything in it has a meaning. */
import type { ErrorCode } from '@sealward/xrml'
import { standardLimits, type LimitName } from '../../core/limits.ts'
import { soapPaths, type DoorName } from './doors.fixture.ts'
import type { LimitRow } from './matrix.fixture.ts'
import type { Question, Scene } from './scene.fixture.ts'

export interface LimitCase {
  readonly row: LimitRow
  readonly door: DoorName
  /** Is answered, or refused for another reason. */
  readonly below: (scene: Scene) => Question | Promise<Question>
  readonly above: (scene: Scene) => Question | Promise<Question>
  readonly code: ErrorCode
}

type Form = Pick<Question, 'path' | 'method'>

const jsonForms: readonly (Form & { readonly door: DoorName })[] = [
  { door: 'REST licences', path: '/my/v2/enduserlicenses' },
  { door: 'REST', path: '/my/v2/publishinglicenses' },
  { door: 'REST', path: '/my/v2/clientlicensorcertificates' },
  { door: 'REST', path: '/my/v1/clientlogs/debug' },
  { door: 'machine', path: '/sealward/v1/machine' },
  { door: 'revocations', path: '/sealward/v1/revocations' },
  { door: 'administration', path: '/admin/v1/state', method: 'PUT' },
  { door: 'administration', path: '/admin/v1/decide' },
]

const forms = [...soapPaths, ...jsonForms, { door: 'openid', path: '/sealward/openid/token' } as const]

const bodyLimits: Partial<Record<DoorName, LimitName>> = {
  'SOAP LicensingService': 'soapLicenseBodyBytes',
  'SOAP DecommissionService': 'soapLicenseBodyBytes',
  administration: 'soapLicenseBodyBytes',
  'REST licences': 'restLicenseBodyBytes',
  revocations: 'restLicenseBodyBytes',
}

const bodies = forms.map(({ door, ...form }): LimitCase => {
  const row = bodyLimits[door] ?? 'bodyBytes'
  const of = (size: number) => () => ({ ...form, body: Buffer.alloc(size, 'x') })
  const most = standardLimits[row]
  return { row, door, below: of(most), above: of(most + 1), code: 'request-too-large' }
})

const compressed = forms.map(({ door, ...form }): LimitCase => {
  const of = (encoding: string) => () => ({ ...form, body: '<', headers: { 'content-encoding': encoding } })
  return { row: 'compressedBodies', door, below: of('identity'), above: of('gzip'), code: 'request-malformed' }
})

/** Bodies of a SOAP message: envelope and body are the first two levels, and two of the elements. */
const xmlBodies: readonly (readonly [LimitName, (count: number) => string])[] = [
  ['xmlDepth', (count) => '<x>'.repeat(count - 2) + '</x>'.repeat(count - 2)],
  ['xmlAttributes', (count) => `<x ${Array.from({ length: count }, (_, at) => `a${at}=""`).join(' ')}/>`],
  ['xmlElements', (count) => `<x>${'<y/>'.repeat(count - 3)}</x>`],
  ['characterReferences', (count) => `<x>${'&#x41;'.repeat(count)}</x>`],
]

const xml = soapPaths
  .filter(({ door }) => door !== 'SOAP without service')
  .flatMap(({ door, path }) =>
    xmlBodies.map(([row, write]): LimitCase => {
      const of = (count: number) => () => ({ path, body: envelope(write(count)) })
      const most = standardLimits[row]
      return { row, door, below: of(most), above: of(most + 1), code: 'xml-limit-exceeded' }
    }),
  )

const json = jsonForms
  .filter(({ path }) => !path.includes('clientlogs'))
  .map(({ door, ...form }): LimitCase => {
    const of = (depth: number) => () => ({ ...form, body: `${'['.repeat(depth)}"[\\"["${']'.repeat(depth)}` })
    const most = standardLimits.jsonDepth
    return { row: 'jsonDepth', door, below: of(most), above: of(most + 1), code: 'request-malformed' }
  })

export const bodyCases: readonly LimitCase[] = [...bodies, ...compressed, ...xml, ...json]

function envelope(content: string): string {
  const namespace = 'http://schemas.xmlsoap.org/soap/envelope/'
  return `<s:Envelope xmlns:s="${namespace}"><s:Body>${content}</s:Body></s:Envelope>`
}
