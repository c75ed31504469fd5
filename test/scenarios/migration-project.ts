/** A migration project as its people drive it: steps, second persons, and what machines and servers report. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckRecord } from '@sealward/migration'
import type { ClusterName, LakesideServices } from './lakeside-services.ts'

/** For every command on the project. */
export const project = ['--project', 'migration', '--as', 'Ines Duarte']
const secrets = ['--credentials', 'secrets']

interface StepAnswer {
  readonly state: string
  readonly actions: readonly string[]
  readonly checks: readonly CheckRecord[]
  readonly skipped?: string
}

interface UndoAnswer {
  readonly state: string
  readonly actions: readonly string[]
  readonly byHand: readonly string[]
  readonly remains: readonly string[]
  readonly loss: string
}

function commandOf(verb: string, id: string): readonly string[] {
  return ['migrate', verb, '--step', id, ...project, ...secrets]
}

export function migrationProject(lakeside: LakesideServices) {
  function collect(kind: string, name: string, report: object): void {
    const folder = join(lakeside.folder, 'migration', 'collected', kind)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(report))
  }

  /** Gives the project a plan, the first or a changed one. */
  async function plan(content: object): Promise<void> {
    writeFileSync(join(lakeside.folder, 'plan.json'), JSON.stringify(content))
    await lakeside.done('migrate', 'plan', 'plan.json', ...project, '--yes')
  }

  /** @param skipped why the plan has nothing to do in it */
  async function step(id: string, state: string, skipped?: string): Promise<StepAnswer> {
    const answer = await lakeside.done<StepAnswer>(...commandOf('run', id), '--yes', '--json')
    assert.deepEqual([answer.state, answer.skipped], [state, skipped], `step ${id}`)
    return answer
  }

  /** What the program says to a step that it does not run to its end. */
  async function refused(id: string): Promise<string> {
    const { code, stderr } = await lakeside.run(...commandOf('run', id), '--yes')
    assert.notEqual(code, 0, `step ${id}`)
    return stderr
  }

  async function undo(id: string, state: string): Promise<UndoAnswer> {
    const answer = await lakeside.done<UndoAnswer>(...commandOf('undo', id), '--yes', '--json')
    assert.equal(answer.state, state, `back from step ${id}`)
    return answer
  }

  /** Findings by check, of those checks that passed not. */
  async function findings(
    id: string,
    moment: 'before' | 'after' = 'before',
  ): Promise<ReadonlyMap<string, CheckRecord>> {
    const { stdout } = await lakeside.run(
      ...commandOf('check', id),
      ...(moment === 'after' ? ['--verify'] : []),
      '--json',
    )
    const { steps } = JSON.parse(stdout) as { readonly steps: readonly { readonly checks: readonly CheckRecord[] }[] }
    const found = steps.flatMap(({ checks }) => checks).filter(({ outcome }) => ['failed', 'warned'].includes(outcome))
    return new Map(found.map((check) => [check.id, check]))
  }

  async function approve(id: string, work: 'run' | 'undo' = 'run'): Promise<void> {
    const way = work === 'undo' ? ['--undo'] : []
    const ask = ['approval', 'ask', '--step', id, ...way, '--reason', 'all is ready', ...project, '--json']
    const { id: approval } = await lakeside.done<{ id: string }>(...ask)
    await lakeside.done('approval', 'decide', approval, '--project', 'migration', '--as', 'Emma Lund', '--yes')
  }

  /** As the check script of the batch reports. */
  function collectClient(computer: string, user: string, licensingUrls: readonly string[]): void {
    const version = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''))
    const folders = ['', 'Wow6432Node\\'].map((side) => `SOFTWARE\\${side}Microsoft\\MSIPC\\ServiceLocation`)
    collect('clients', computer, {
      format: 'sealward-client-check-1',
      scriptVersion: version,
      batch: 'finance',
      checkedAt: `${new Date().toISOString().slice(0, 19)}Z`,
      computer,
      user: `LAKESIDE\\${user}`,
      machineVersion: version,
      userVersion: version,
      preparedMachineVersion: 0,
      preparedUserVersion: 0,
      values: folders.flatMap((folder) =>
        licensingUrls.map((name) => ({ hive: 'HKLM', key: `${folder}\\LicensingRedirection`, name, state: 'right' })),
      ),
    })
    const checkedAt = new Date().toISOString()
    collect('machines', computer, { machine: computer, checkedAt, kind: 'windows', storesCleaned: true })
  }

  /** The request logs of the clusters, as the plan names them. */
  async function exportLogs(clusters: readonly ClusterName[]): Promise<void> {
    for (const name of clusters) {
      rmSync(join(lakeside.folder, `${name}.csv`), { force: true })
      await lakeside.done('log', 'export', 'requests', '--data', name, '--output', `${name}.csv`)
    }
  }

  /** Twenty quiet days pass in the exported logs. */
  function setBackLogs(clusters: readonly ClusterName[]): void {
    const earlier = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10)
    for (const name of clusters) {
      const path = join(lakeside.folder, `${name}.csv`)
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/\d{4}-\d\d-\d\d(?=[ T]\d\d:\d\d:\d\d)/g, earlier))
    }
  }

  /** Everything that people notice of the tenant. */
  async function tenantSettings() {
    const tenant = lakeside.admin('tenant')
    const { state, activeKey, hostNames } = await tenant.configuration()
    const onboarding = await tenant.onboarding()
    const templates = new Map<string, object>()
    // A template of the service's own stands before the imported one that it was made from.
    const byOrigin = [...(await tenant.templates())].sort(
      (a, b) => Number(a.origin === 'own') - Number(b.origin === 'own'),
    )
    for (const { id, state: offered, grants } of byOrigin) {
      const sorted = grants.map(({ to, rights }) => `${to.toLowerCase()}: ${[...rights].sort().join(' ')}`).sort()
      templates.set(id.toLowerCase(), { offered, grants: sorted })
    }
    // A tenant that was active once does not become new again.
    return { active: state === 'enabled', activeKey, hostNames, onboarding, templates }
  }

  return {
    plan,
    step,
    refused,
    undo,
    findings,
    approve,
    collect,
    collectClient,
    exportLogs,
    setBackLogs,
    tenantSettings,
  }
}
