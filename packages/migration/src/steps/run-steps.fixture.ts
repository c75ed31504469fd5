/** Steps that follow one another, and what machines report in between. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runStep } from '../project/run-step.ts'
import type { TestMigration } from '../project/test-migration.fixture.ts'

/** Runs steps of a migration in their order, each to its end. */
export async function runAll({ project, options }: TestMigration, ...steps: readonly string[]): Promise<void> {
  for (const step of steps) await runStep(project, step, options)
}

/** Lays down a report as a machine or node hands it in. */
export function collect(folder: string, kind: string, name: string, value: unknown): void {
  const path = join(folder, 'collected', kind, `${name}.json`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(value))
}

/** The steps until old clusters are only watched. */
export const toDraining = ['1', '1b', '2', '3', '4', '5', '7', '8'] as const
