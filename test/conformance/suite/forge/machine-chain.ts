/** Machine certificate chains with flaws (fact sheet 4.1, rows 4 to 7). */
import { issueMachineCertificate, modeOfKey } from '@sealward/xrml'
import type { MachineFlaws } from '../row.ts'
import { held, type Tester } from '../tester.ts'
import { keyPair, modeOfNumber, stranger } from './strangers.ts'
import { tampered } from './texts.ts'

/** @throws NotApplicable without a machine that the flaws could be those of */
export async function machineChain(tester: Tester, flaws: MachineFlaws = {}): Promise<readonly string[]> {
  const chain = await untampered(tester, flaws)
  return flaws.tampered === true ? [tampered(chain[0] ?? ''), ...chain.slice(1)] : chain
}

async function untampered(tester: Tester, flaws: MachineFlaws): Promise<readonly string[]> {
  if (flaws.stranger === true) return strangeChain(flaws)
  if (flaws.otherMode !== true) return held(tester.machine, 'no machine certificate').chain
  return held(tester.otherMachine, 'no machine certificate of the other mode').chain
}

async function strangeChain(flaws: MachineFlaws): Promise<readonly string[]> {
  const mode = modeOfNumber(flaws.otherMode === true ? 1 : 2)
  const [authority, key] = await Promise.all([stranger('machines', mode), keyPair('machine', mode.keyBits)])
  const text = await issueMachineCertificate({
    certificateId: '{3c0a7ac5-9f4c-4f6f-8f0e-6a0d8b1b2c44}',
    machineId: '{5a9d2d31-8a0b-4a5c-b8f7-91c6c7d0e955}',
    issuedAt: new Date('2015-03-02T08:30Z'),
    issuer: authority.principal,
    machineKey: key.handle.publicKey,
    key: authority.key,
    hash: modeOfKey(authority.key.publicKey).hash,
  })
  return [text, ...authority.chain]
}
