/** Faults as text (fact sheet 1.2): the exception's name comes first, and nothing else of it counts. */

/** The text of the fault, whatever version of SOAP it is in; undefined for other answers. */
function faultStringIn(answer: string): string | undefined {
  if (!/<(?:\w+:)?Fault[ >]/.test(answer)) return undefined
  const [, reason] = /<(?:faultstring|(?:\w+:)?Text)(?: [^>]*)?>([^<]*)</.exec(answer) ?? []
  return reason ?? ''
}

/** The full name that begins the fault; undefined if it is no fault, empty if it names no exception. */
export function faultNameIn(answer: string): string | undefined {
  const text = faultStringIn(answer)
  if (text === undefined) return undefined
  const [, name = ''] = /^([\w.]+Exception)(?=$|[-: ])/.exec(text.trim()) ?? []
  return name
}

/** The value of `faultcode` or of `Code`, without prefix. */
export function faultCodeIn(answer: string): string | undefined {
  const [, code] = /<(?:faultcode|(?:\w+:)?Value)>(?:\w+:)?(\w+)</.exec(answer) ?? []
  return code
}
