/** SubEnroll: the certificate of a cluster that only licenses, from its root cluster. */
import { subEnrol } from '../../../core/sub-enrol.ts'
import type { SoapHandler } from '../handler.ts'

export const answerSubEnroll: SoapHandler<'SubEnroll'> = async ({ context, request, info, caller }) => {
  const { chain } = await subEnrol(context, { ...request, info, caller })
  return { licensorChain: chain }
}
