/** What synchronising needs besides the store: the source, how it is read, and who hears of trouble. */
import type { Contest } from '../ldap/contested.ts'
import type { SynchronisationSource } from './source-reading.ts'

export interface Synchronisation {
  readonly source: SynchronisationSource
  readonly settings: {
    /** Milliseconds that a newcomer waits for the address of somebody else. */
    readonly wait: number
    readonly percentMost: number
    /** Milliseconds between two runs of a service that serves; undefined for none. */
    readonly every: number | undefined
  }
  /** Hears of every address that several entries list, at every run. */
  readonly report: (contest: Contest) => void
}
