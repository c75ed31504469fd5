/** The servers that rows are asked of: one that somebody names, or our own in every state that a row needs. */
import type { ServerState } from './row.ts'
import type { Tester } from './tester.ts'

export interface ServerInState {
  readonly url: string
  readonly tester: Tester
  /** Servers with the same identity share what the tester got from them. */
  readonly identity: string
  /** True if only the last segment of a fault's name counts: sources disagree about the namespaces (fact sheet 1.2). */
  readonly anyNamespace?: boolean
}

export interface Servers {
  /** @throws NotApplicable if there is no server in that state */
  inState(states: readonly ServerState[]): Promise<ServerInState>
  close(): Promise<void>
}
