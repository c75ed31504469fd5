/** What a run tells while it works, for terminals and for those who watch a project. */
import type { LockHolder } from './lock.ts'
import type { MigrationState } from './states.ts'

export type MigrationEvent =
  | { readonly kind: 'waiting'; readonly holder: LockHolder }
  | {
      readonly kind: 'check'
      readonly step: string
      readonly check: string
      readonly outcome: string
      readonly finding?: string
      readonly cure?: string
    }
  | {
      readonly kind: 'action'
      readonly step: string
      readonly action: string
      readonly phase: 'begun' | 'done' | 'undone'
    }
  /** A record of the journal is durable. */
  | { readonly kind: 'record'; readonly sequence: number; readonly record: string }
  | { readonly kind: 'state'; readonly from: MigrationState; readonly to: MigrationState }

export type OnEvent = (event: MigrationEvent) => void
