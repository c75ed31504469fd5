/**
 * What the messages of an operation look like, as data: the service descriptions that a cluster hands out (`?wsdl`) are
 * written from it. The appendices of MS-RMPR, MS-RMPRS and MS-RMSI decide names, order and numbers.
 */

/** Text of a kind, one of several words, foreign markup, or elements of the message's namespace in this order. */
export type Content =
  | 'string'
  | 'boolean'
  | 'int'
  | 'base64Binary'
  | 'markup'
  | { readonly words: readonly string[] }
  | readonly Member[]

export interface Member {
  readonly name: string
  readonly content: Content
  readonly occurs: 'once' | 'at-most-once' | 'any-number'
}

/** What stands in the call's element and in the answer's. */
export interface MessageShape {
  readonly call: readonly Member[]
  readonly answer: readonly Member[]
}

export const once = (name: string, content: Content): Member => ({ name, content, occurs: 'once' })

export const atMostOnce = (name: string, content: Content): Member => ({ name, content, occurs: 'at-most-once' })

export const anyNumber = (name: string, content: Content): Member => ({ name, content, occurs: 'any-number' })

/** A list in an element of its own. */
export const listIn = (name: string, item: string, content: Content): Member =>
  atMostOnce(name, [anyNumber(item, content)])

/** XrML documents, each inline in an element of its own. */
export const chainIn = (name: string): Member => listIn(name, 'Certificate', 'markup')

export const stringsIn = (name: string): Member => listIn(name, 'string', 'string')
