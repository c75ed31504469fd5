/** Makes the sample organisation and writes it out, one document at a time: its size costs disk, not memory. */
import { documentPlan } from './documents/document-plan.ts'
import { makeDocument } from './documents/make-document.ts'
import { createSampleOrganisation, type OrganisationSize, type SampleOrganisation } from './organisation.ts'
import { writeDirectoryFiles } from './output/directory-file.ts'
import { writeReadMe } from './output/read-me.ts'
import { writeRootFiles } from './output/root-files.ts'
import type { SampleDirectory } from './output/sample-directory.ts'
import { writeTpdFiles } from './output/tpd-files.ts'
import type { RandomBytes } from './randomness.ts'

/** Documents of a sample unless another number is asked for: every kind once. */
export const defaultSampleDocuments = documentPlan.length

export interface WriteSampleInput extends OrganisationSize {
  readonly directory: SampleDirectory
  /** At least 1; every kind occurs once by default, and in the same proportion beyond. */
  readonly documents?: number
  readonly random: RandomBytes
  /** For what has expired; documents carry the times of their story. */
  readonly now: Date
  readonly progress?: (written: number, total: number) => void
}

export interface WrittenSample {
  readonly documents: number
  /** Relative paths. */
  readonly tpdFiles: readonly { readonly path: string; readonly passwordPath: string }[]
  readonly organisation: SampleOrganisation
}

export async function writeSampleOrganisation(input: WriteSampleInput): Promise<WrittenSample> {
  const { directory, random, now, progress } = input
  const organisation = await createSampleOrganisation(input)
  const documents = input.documents ?? organisation.plan.length
  directory.write('README.txt', writeReadMe(documents, organisation), 'open')
  for (const [path, text] of writeRootFiles(organisation)) directory.write(path, text, 'open')
  const files = await writeDirectoryFiles(random)
  directory.write('directory.json', files.directory, 'secret')
  directory.write('people.txt', files.people, 'secret')
  const tpdFiles = writeTpdFiles(organisation, random).map(({ cluster, bytes, password }) => {
    const path = `tpd/${cluster}.xml`
    const passwordPath = `tpd/passwords/${cluster}.txt`
    directory.write(path, bytes, 'secret')
    directory.write(passwordPath, `${password}\n`, 'secret')
    return { path, passwordPath }
  })

  const expected = directory.create('expected.json')
  expected.append(`${JSON.stringify({ now, templates: templateList(organisation) }).slice(0, -1)},"documents":[`)
  for (let index = 0; index < documents; index++) {
    // One after the other: only one document is in memory.
    const document = await makeDocument(index, { organisation, random, now })
    directory.write(`documents/${document.expected.path}`, document.bytes, 'open')
    expected.append(`${index === 0 ? '' : ','}\n${JSON.stringify(document.expected)}`)
    progress?.(index + 1, documents)
  }
  expected.append('\n]}\n')
  expected.close()
  return { documents, tpdFiles, organisation }
}

function templateList({ templates }: SampleOrganisation): readonly object[] {
  return Object.values(templates).map(({ id, cluster, state, names, current, earlier }) => ({
    id,
    cluster,
    state,
    names,
    edited: current !== earlier,
  }))
}
