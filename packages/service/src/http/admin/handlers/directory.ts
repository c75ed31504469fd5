/** The directory: who somebody is, and synchronisation. */
import { describeDirectory } from '../../../administration/describe-directory.ts'
import { releaseAddress } from '../../../administration/release-address.ts'
import { synchroniseDirectory } from '../../../administration/synchronise-directory.ts'
import { listTokenSubjects, releaseTokenSubjects } from '../../../administration/token-subjects.ts'
import type { OpenAddresses } from '../../../directory/synchronised/summary.ts'
import { RightsError } from '@sealward/xrml'
import type { AdminHandlers } from '../handler.ts'
import type { directoryOperations } from '../operations/directory.ts'

export const directoryHandlers: AdminHandlers<typeof directoryOperations> = {
  async getDirectory({ administration }) {
    const { everyMinutes, people, groups, standIns, ...described } = await describeDirectory(administration)
    return {
      sources: described.sources.map((each) => ({ ...each, synchronisedAt: each.synchronisedAt.toISOString() })),
      people,
      groups,
      standIns,
      ...(everyMinutes === undefined ? {} : { everyMinutes }),
      ...openAnswer(described),
    }
  },
  async explainName({ administration: { explain } }, { query: { name } }) {
    if (explain === undefined) throw new RightsError('directory-unavailable', { detail: 'it explains nothing' })
    const { addresses, formerAddresses, sidHistory, groups, problems, ...explanation } = await explain(name)
    return {
      ...explanation,
      addresses: [...addresses],
      ...(formerAddresses === undefined ? {} : { formerAddresses: [...formerAddresses] }),
      sidHistory: [...sidHistory],
      groups: groups.map((group) => ({ ...group, addresses: [...group.addresses], path: [...group.path] })),
      problems: problems.map((problem) => ({ ...problem })),
    }
  },
  async syncDirectory({ administration }, { body }) {
    const { sources, added, renamed, changed, deleted, contested, waiting, ...result } = await synchroniseDirectory(
      administration,
      body,
    )
    return {
      ...result,
      sources: [...sources],
      added: [...added],
      renamed: [...renamed],
      changed: [...changed],
      deleted: [...deleted],
      ...openAnswer({ contested, waiting }),
    }
  },
  releaseAddress: ({ administration }, { body }) => releaseAddress(administration, body),
  async listTokenSubjects({ administration }, { query: { refused, ...named } }) {
    const { count, subjects } = await listTokenSubjects(administration, { ...named, refused: refused === 'true' })
    return {
      count,
      subjects: subjects.map(({ boundAt, refused: other, ...bound }) => ({
        ...bound,
        boundAt: boundAt.toISOString(),
        ...(other === undefined ? {} : { refused: { ...other, at: other.at.toISOString() } }),
      })),
    }
  },
  async releaseTokenSubjects({ administration }, { body }) {
    return { released: await releaseTokenSubjects(administration, body) }
  },
}

function openAnswer({ contested, waiting }: OpenAddresses) {
  return {
    contested: contested.map(({ address, entries }) => ({ address, entries: [...entries] })),
    waiting: waiting.map((each) => ({ ...each, until: each.until.toISOString() })),
  }
}
