/** IsPrincipalMemberOf: group expansion for clusters of other forests. */
import { isMemberOfAny } from '../../../core/group-membership.ts'
import type { SoapHandler } from '../handler.ts'

export const answerIsPrincipalMemberOf: SoapHandler<'IsPrincipalMemberOf'> = async ({
  context,
  request,
  info,
  caller,
}) => ({
  member: await isMemberOfAny(context, {
    caller,
    principal: request.principalName,
    groups: request.targetGroups,
    callsSoFar: request.crossForestCallsSoFar,
    question: info.expansion,
  }),
})
