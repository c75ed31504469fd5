/** The checks of `sealward doctor` in their order: what later ones need is looked at first. */
import { certificateCheck } from './check-certificate.ts'
import { clientCertificatesCheck } from './check-client-certificates.ts'
import { clockCheck } from './check-clock.ts'
import { connectionPointCheck, directoryCheck } from './check-directory.ts'
import { diskCheck, filesCheck } from './check-files.ts'
import { issuersCheck } from './check-issuers.ts'
import { limitsCheck } from './check-limits.ts'
import { recordsCheck } from './check-names.ts'
import { serviceCheck } from './check-service.ts'
import { databaseCheck, masterKeyCheck } from './check-store.ts'
import { wrong, wrongBecause, type Finding } from './finding.ts'
import type { Check, Patient } from './patient.ts'

export interface NamedFinding extends Finding {
  readonly check: string
}

export const configurationCheckName = 'configuration'

const checks: readonly Check[] = [
  limitsCheck,
  filesCheck,
  masterKeyCheck,
  databaseCheck,
  clockCheck,
  directoryCheck,
  connectionPointCheck,
  recordsCheck,
  certificateCheck,
  issuersCheck,
  clientCertificatesCheck,
  serviceCheck,
  diskCheck,
]

export const checkNames: readonly string[] = [configurationCheckName, ...checks.map(({ name }) => name)]

/** Milliseconds of one check; what it asks for has shorter limits of its own. */
const longest = 60_000

/** @param only names of checks; all if there is none */
export async function examine(patient: Patient, only: readonly string[]): Promise<readonly NamedFinding[]> {
  const findings: NamedFinding[] = []
  for (const check of checks.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const found = await bounded(check, patient)
    findings.push(...found.map((finding) => ({ check: check.name, ...finding })))
  }
  return findings
}

async function bounded({ name, run }: Check, patient: Patient): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly Finding[]>((settle) => {
    timer = setTimeout(() => settle([wrong('check-too-long', name)]), longest)
  })
  try {
    return await Promise.race([run(patient), late])
  } catch (error) {
    return [wrongBecause(error, name)]
  } finally {
    clearTimeout(timer)
  }
}
