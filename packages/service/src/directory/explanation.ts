/** Who somebody is for the service, and why not: what an administrator asks when a document does not open. */

export interface DirectoryExplanation {
  readonly asked: string
  /** Undefined if the name is unknown, or nobody's because several claim it. */
  readonly type: 'person' | 'group' | undefined
  /** Where it was found: a source, or the directory file. */
  readonly source: string | undefined
  readonly displayName: string
  readonly id: string | undefined
  /** Of a synchronised directory: by which the object is found again at the source. */
  readonly immutableId?: string
  readonly sid: string | undefined
  readonly sidHistory: readonly string[]
  /** Those that count, the primary one first. */
  readonly addresses: readonly string[]
  /** Of a synchronised directory: those of them that the source does not list any more. */
  readonly formerAddresses?: readonly string[]
  readonly groups: readonly ExplainedGroup[]
  readonly problems: readonly DirectoryProblem[]
}

export interface ExplainedGroup {
  readonly name: string
  /** Those that count; without any the group only leads to others. */
  readonly addresses: readonly string[]
  readonly kind: 'security' | 'distribution'
  /** Names of the groups on the way, beginning with the one in which the person is itself; the last is this group. */
  readonly path: readonly string[]
}

export interface DirectoryProblem {
  readonly code:
    | 'unknown'
    | 'disabled'
    | 'no-address'
    | 'contested'
    | 'address-refused'
    | 'also-elsewhere'
    | 'deleted'
    | 'waiting'
  readonly detail: string
}

/** A name that leads to nobody. */
export function nobody(asked: string, problem: DirectoryProblem, source?: string): DirectoryExplanation {
  return { ...blank, asked, source, problems: [problem] }
}

/** What is known of a name before anything is known. */
export const blank: DirectoryExplanation = {
  asked: '',
  type: undefined,
  source: undefined,
  displayName: '',
  id: undefined,
  sid: undefined,
  sidHistory: [],
  addresses: [],
  groups: [],
  problems: [],
}
