/** The administration of the service in a data directory, carried out in this process with the same operations as over HTTP. */
import { operate, type AdminOperationName, type RawAdminInput, type Service } from '@sealward/service'
import type { Administration } from '../connection/administration.ts'
import { actor } from './actor.ts'
import { administer } from './in-process-service.ts'

/** @throws RightsError `data-directory-missing`, `master-key-refused`, the codes of `openService`, and of `work` */
export async function administerData<T>(
  data: string,
  work: (administration: Administration) => Promise<T>,
): Promise<T> {
  return administer(data, ({ service }) => work(administrationOf(service, actor(), data)))
}

/** @param who for the administration log @param where for people */
export function administrationOf(service: Service, who: string, where: string): Administration {
  const world = { administration: service.administration(who), core: service.context }
  const call = async (name: AdminOperationName, input: RawAdminInput = {}): Promise<unknown> => {
    const answer = await operate(world, name, input)
    return isText(answer) ? joined(answer) : answer
  }
  // The table types what goes in and what comes out, and both are checked with it.
  return { where, call: call as Administration['call'] }
}

function isText(answer: unknown): answer is AsyncIterable<string> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

async function joined(parts: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const part of parts) text += part
  return text
}
