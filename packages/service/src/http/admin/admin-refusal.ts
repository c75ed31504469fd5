/** How the administration interface refuses: the entry of the catalogue, with its detail, because it is for administrators. */
import { errorCatalogue, type ErrorCode, type RightsError } from '@sealward/xrml'
import { retryHeaders, type Refusal } from '../refusal.ts'

/** What is not listed is a wrong request. */
const statuses: Partial<Record<ErrorCode, number>> = {
  'admin-token-refused': 401,
  'admin-role-missing': 403,
  'resource-unknown': 404,
  'key-unknown': 404,
  'template-unknown': 404,
  'token-subject-unknown': 404,
  'user-domain-unknown': 404,
  'account-not-in-directory': 404,
  'user-not-in-directory': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'host-name-claimed': 409,
  'address-not-waiting': 409,
  'directory-changed-meanwhile': 409,
  'directory-deletions-refused': 409,
  'directory-not-synchronised': 409,
  'key-already-imported': 409,
  'key-in-other-tenant': 409,
  'key-state-refused': 409,
  'migration-url-set': 409,
  'no-active-key': 409,
  'personality-mismatch': 409,
  'state-refused': 409,
  'template-in-use': 409,
  'tpd-anyone-unmapped': 409,
  'user-domain-known': 409,
  'user-domain-own': 409,
  'request-too-large': 413,
  'request-misdirected': 421,
  'rate-limited': 429,
  'directory-unavailable': 503,
  'forest-unavailable': 503,
  'service-overloaded': 503,
  'store-refused': 503,
}

/** @param error undefined for a defect, of which nothing is told */
export function writeAdminRefusal(error: RightsError | undefined, correlationId: string): Refusal {
  const headers = { 'content-type': 'application/json; charset=utf-8', ...retryHeaders(error?.code) }
  if (error === undefined) {
    const cause = `The service could not answer (${correlationId})`
    const cure = 'Look for the correlation id in the log of the service.'
    return { status: 500, headers, body: JSON.stringify({ error: { code: 'defect', cause, cure } }) }
  }
  const { code, detail } = error
  const status = statuses[code] ?? 400
  return {
    status,
    headers: { ...headers, ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}) },
    body: JSON.stringify({ error: { code, ...errorCatalogue[code], ...(detail === undefined ? {} : { detail }) } }),
  }
}
