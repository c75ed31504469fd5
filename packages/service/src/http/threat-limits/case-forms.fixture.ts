/** For tests: how a limit is asked, below and above. */
import type { ErrorCode } from '@sealward/xrml'
import { standardLimits, type LimitName } from '../../core/limits.ts'
import type { Person } from '../test-organisation.ts'
import type { LimitCase } from './body-cases.fixture.ts'
import type { DoorName } from './doors.fixture.ts'
import { soapQuestion, type Question, type Scene } from './scene.fixture.ts'

export const paths = {
  license: '/_wmcs/licensing/license.asmx',
  publish: '/_wmcs/licensing/publish.asmx',
  certification: '/_wmcs/certification/certification.asmx',
  decommission: '/_wmcs/decommission/decommission.asmx',
  groupExpansion: '/_wmcs/groupexpansion/GroupExpansion.asmx',
} as const

/** Asked with a count up to the standard limit, and with one more. */
export function counted(
  row: LimitName,
  door: DoorName,
  code: ErrorCode,
  ask: (scene: Scene, count: number) => Question,
): LimitCase {
  const most = standardLimits[row]
  return { row, door, code, below: (scene) => ask(scene, most), above: (scene) => ask(scene, most + 1) }
}

/** The same question under a limit that allows it, and under one that does not. */
export function lowered(
  row: LimitName,
  door: DoorName,
  code: ErrorCode,
  needs: (scene: Scene) => number,
  ask: (scene: Scene) => Question,
): LimitCase {
  const at = (scene: Scene, limit: number): Question => ({ ...ask(scene), limits: { [row]: limit } })
  return {
    row,
    door,
    code,
    below: (scene) => at(scene, needs(scene)),
    above: (scene) => at(scene, needs(scene) - 1),
  }
}

export const asPerson = (person: Person, question: Question): Question => ({ ...question, person })
/** AcquireLicense by bob. */
export const opening = ({ bob }: Scene, chain: readonly string[]): Question =>
  asPerson(
    'bob',
    soapQuestion(paths.license, 'AcquireLicense', {
      requests: [{ licenseeCertificates: bob.accountChain, issuanceLicense: chain }],
    }),
  )
