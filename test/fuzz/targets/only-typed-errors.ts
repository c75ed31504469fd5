import { isRightsError } from '@sealward/xrml'

/** Runs a parser on hostile bytes: a typed refusal is what it is for, anything else is a finding. */
export function onlyTypedErrors(parse: () => void): void {
  try {
    parse()
  } catch (error) {
    if (!isRightsError(error)) throw error
  }
}
