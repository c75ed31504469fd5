/**
 * What is known of a server beside what it says itself, so that an answer can be compared with the right one and not with
 * its form alone. Of a server that somebody else runs nothing of it is known.
 */

interface KnownTemplate {
  /** GUID in braces. */
  readonly guid: string
  /** Exact signed text. */
  readonly text: string
}

/** Addresses of people and groups of the server's directory. */
interface KnownMembership {
  /** A person, and another address of the same person. */
  readonly person: string
  readonly alias: string
  /** A group that the person is in. */
  readonly group: string
  /** A group that this group is in, and another address of it. */
  readonly outerGroup: string
  readonly outerGroupAlias: string
  /** A group that the person is not in. */
  readonly otherGroup: string
  /** Somebody whose account is disabled, and a group with that member. */
  readonly disabled: { readonly person: string; readonly group: string }
}

export interface KnownServer {
  /** Up to and with the base path, as the configuration says. */
  readonly baseUrl: string
  /** The same for clients outside the network; absent if the server has none. */
  readonly externalBaseUrl?: string
  /** How long account certificates are valid from their issue, in milliseconds. */
  readonly accountValidity: { readonly persistent: number; readonly temporary: number }
  /** Every published template. */
  readonly templates: readonly KnownTemplate[]
  readonly membership: KnownMembership
}
