/** How long a measurement takes. Quick ones show that everything works; their figures are too rough to compare. */
export interface Effort {
  readonly rounds: number
  /** Of one turn of the load generator, or of a bare loop. */
  readonly seconds: number
  /** Distinct people and publishing licences of the licence load. */
  readonly licenses: number
  /** Of the rehearsal and the migration. */
  readonly documents: number
  /** Of the migration. */
  readonly templates: number
  /** About how many documents people open before and after the migration. */
  readonly sampled: number
  /** Of the flood. */
  readonly floodSeconds: number
}

export const fullEffort: Effort = {
  rounds: 5,
  seconds: 3,
  licenses: 1000,
  documents: 10_000,
  templates: 200,
  sampled: 60,
  floodSeconds: 30,
}
export const quickEffort: Effort = {
  rounds: 2,
  seconds: 1,
  licenses: 100,
  documents: 500,
  templates: 60,
  sampled: 10,
  floodSeconds: 5,
}
