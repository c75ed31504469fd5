/** FindServiceLocationsForUser: where the caller finds each service. */
import { findServiceLocations } from '../../../core/service-locations.ts'
import { requireCaller, type SoapHandler } from '../handler.ts'

export const answerFindServiceLocationsForUser: SoapHandler<'FindServiceLocationsForUser'> = async ({
  context,
  request,
  caller,
}) => {
  requireCaller(caller)
  return { locations: await findServiceLocations(context, { types: request.serviceTypes }) }
}
