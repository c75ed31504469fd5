/**
 * The body of every refused request: a code and a message. Clients crash on a 400 or 500 without it. They know few codes
 * and compare them without case.
 */
import { asObject, optionalString, readJson } from './members.ts'

const prefix = 'Microsoft.RightsManagement.Exceptions.'

/** The codes that clients tell apart, without their common prefix. */
export const problemNames = {
  badInput: 'BadInputException',
  devicePlatformDisabled: 'DevicePlatformDisabledException',
  devicePlatformNotRecognized: 'DevicePlatformNotRecognizedException',
  notSignedUp: 'NotSignedUpException',
  serviceDisabled: 'ServiceDisabledException',
  serviceDisabledForApplication: 'ServiceDisabledForApplicationException',
  unknownTenant: 'UnknownTenantException',
  unrecognizedUrl: 'UnrecognizedUrlException',
} as const

export interface Problem {
  /** One of `problemNames`, or a name of the server's own, which clients report as a general failure. */
  readonly name: string
  /** Fit for strangers: no inner workings. */
  readonly message: string
}

export function writeProblem({ name, message }: Problem): string {
  return JSON.stringify({ Code: prefix + name, Message: message })
}

/** @throws RightsError `rest-message-invalid` */
export function parseProblem(text: string): Problem {
  const object = asObject(readJson(text), 'the error')
  const code = optionalString(object, 'Code') ?? ''
  const bare = code.toLowerCase().startsWith(prefix.toLowerCase()) ? code.slice(prefix.length) : code
  const known = Object.values(problemNames).find((name) => name.toLowerCase() === bare.toLowerCase())
  return { name: known ?? bare, message: optionalString(object, 'Message') ?? '' }
}
