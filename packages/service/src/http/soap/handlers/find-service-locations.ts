/** Where the caller finds each service, and what servers of other forests ask each other. */
import { findLocationsForServer, findServiceLocations } from '../../../core/service-locations.ts'
import { requireCaller, type SoapHandler } from '../handler.ts'

export const answerFindServiceLocationsForUser: SoapHandler<'FindServiceLocationsForUser'> = async ({
  context,
  request,
  sender,
}) => {
  const known = requireCaller(sender)
  return { locations: await findServiceLocations(context, { caller: known, types: request.serviceTypes }) }
}

/** Servers ask before they are known to each other. */
export const answerFindServiceLocations: SoapHandler<'FindServiceLocations'> = async ({ context, request }) => ({
  locations: await findLocationsForServer(context, { types: request.serviceTypes }),
})
