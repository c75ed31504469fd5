/**
 * Exclusion policies: who and what gets no licences any more (MS-RMPR 3.1.1). Each cluster has its own list. Effective with
 * the next request of every process that serves the store.
 */
import { canonicalGuid, compareVersions, RightsError, versionForm } from '@sealward/xrml'
import { canonicalAddress } from '../core/address.ts'
import type { ExclusionKind, StoredExclusion } from '../core/exclusion-lists.ts'
import { change, type AdministrationContext } from './change.ts'
import { readSubjectCertificate } from './subject-certificate.ts'

export interface ExclusionInput {
  readonly kind: ExclusionKind
  /** Address, fingerprint, GUID or file name, as the kind wants; not for kinds with one exclusion at most. */
  readonly subject?: string | undefined
  /** Instead of a subject: an account or machine certificate, exact text. */
  readonly certificate?: string | undefined
  readonly minimum?: string | undefined
  readonly maximum?: string | undefined
}

export async function listExclusions({ store }: AdministrationContext): Promise<readonly StoredExclusion[]> {
  return store.exclusions.list()
}

/** @throws RightsError `address-refused`, `exclusion-refused` */
export async function addExclusion(context: AdministrationContext, input: ExclusionInput): Promise<void> {
  const addedAt = context.clock.now()
  const { minimum, maximum } = versionsOf(input)
  const subjects = subjectsOf(input)
  await change(context, 'add-exclusion', async ({ exclusions }) => {
    for (const subject of subjects) {
      if (subject === '') await exclusions.remove(input.kind, subject)
      await exclusions.put({ kind: input.kind, subject, minimum, maximum, addedAt })
    }
    return { result: undefined, record: { kind: input.kind, subject: subjects.join(' '), minimum, maximum } }
  })
}

/** Of a program all versions are accepted again. @throws RightsError `address-refused`, `exclusion-refused` */
export async function removeExclusion(
  context: AdministrationContext,
  input: Pick<ExclusionInput, 'kind' | 'subject' | 'certificate'>,
): Promise<void> {
  const subjects = subjectsOf(input)
  await change(context, 'remove-exclusion', async ({ exclusions }) => {
    for (const subject of subjects) await exclusions.remove(input.kind, subject)
    return { result: undefined, record: { kind: input.kind, subject: subjects.join(' ') } }
  })
}

const fingerprint = /^[0-9a-f]{64}$/
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** As Windows writes them: without a path, and in any case. */
const fileName = /^[^\\/:*?"<>|\p{Cc}]{1,255}$/u

/** A machine certificate names the machine and its key; then both are excluded. */
function subjectsOf(input: Pick<ExclusionInput, 'kind' | 'subject' | 'certificate'>): readonly string[] {
  const { kind, subject = '', certificate } = input
  if (certificate !== undefined) return certifiedSubjects(kind, certificate)
  switch (kind) {
    case 'user':
      return [canonicalAddress(subject)]
    case 'account-key':
      return [required(fingerprint, subject.toLowerCase(), 'the fingerprint of a key')]
    case 'machine': {
      const name = canonicalGuid(subject)
      return [fingerprint.test(name) ? name : required(guid, name, 'the GUID of a machine, or a fingerprint')]
    }
    case 'application':
      return [required(fileName, subject.toLowerCase(), 'the file name of a program')]
    case 'security-processor':
    case 'operating-system':
      if (subject !== '') throw refused('there is one exclusion of this kind: give versions only')
      return ['']
  }
}

function certifiedSubjects(kind: ExclusionKind, text: string): readonly string[] {
  const certificate = readSubjectCertificate(text)
  if (kind === 'account-key' && certificate.kind === 'account') return [certificate.publicKey.fingerprint]
  if (kind === 'machine' && certificate.kind === 'machine') {
    return [certificate.machineId, certificate.publicKey.fingerprint]
  }
  throw refused(`the certificate is not of the kind ${kind}`)
}

function required(form: RegExp, value: string, what: string): string {
  if (!form.test(value)) throw refused(`not ${what}`)
  return value
}

const everyVersion = { minimum: '0.0.0.0', maximum: '65535.65535.65535.65535' } as const

function versionsOf({ kind, minimum, maximum }: ExclusionInput): Pick<StoredExclusion, 'minimum' | 'maximum'> {
  const versions = [minimum, maximum].flatMap((version) => version ?? [])
  if (versions.some((version) => !versionForm.test(version))) throw refused('not a version')
  if (minimum !== undefined && maximum !== undefined && compareVersions(minimum, maximum) > 0) {
    throw refused('the lowest version is above the highest')
  }
  switch (kind) {
    case 'application':
      return { minimum: minimum ?? everyVersion.minimum, maximum: maximum ?? everyVersion.maximum }
    case 'security-processor':
      if (minimum === undefined || maximum !== undefined) throw refused('give the lowest version that is accepted')
      return { minimum, maximum: '' }
    case 'operating-system':
      if (maximum === undefined) throw refused('give the highest version that is excluded')
      // As the protocol writes the lowest of all (MS-RMPR 3.1.1, osExclusionPolicy).
      return { minimum: minimum ?? '0', maximum }
    default:
      if (versions.length > 0) throw refused(`no versions for ${kind}`)
      return { minimum: '', maximum: '' }
  }
}

function refused(detail: string): RightsError {
  return new RightsError('exclusion-refused', { detail })
}
