/** Whether the clusters are of a kind that can be migrated, and how their keys would travel. */
import { failed, named, noneOf, passed, warned, type Check } from '../check.ts'
import { keyPathOf } from '../key-path.ts'

const exportedWithAnotherTool = ['2003']

export const sourceSystems: Check = {
  id: 'source-systems',
  title: 'The clusters run systems whose exports can be read',
  run: ({ plan }) =>
    Promise.resolve(
      noneOf(
        plan.clusters.filter(({ system }) => exportedWithAnotherTool.includes(system)).map(({ name }) => name),
        (names) => `${names} runs Windows Server 2003`,
        'Export its domain with the RMS toolkit of that time, then plan it like any other cluster.',
        { severity: 'warned' },
      ),
    ),
}

export const cryptographicMode: Check = {
  id: 'cryptographic-mode',
  title: 'The cryptographic mode of each cluster is known, and its earlier key is exported',
  run: async (context) => {
    const opened = await context.exports()
    const modesOf = (cluster: string): readonly number[] =>
      opened.flatMap(({ planned, checked }) =>
        planned.cluster === cluster && checked !== undefined ? [checked.mode.number] : [],
      )
    const withoutOwn = context.plan.clusters.filter(
      ({ name, mode, exportable }) => exportable && modesOf(name).length > 0 && !modesOf(name).includes(mode),
    )
    if (withoutOwn.length > 0) {
      return failed({
        finding: `no export of ${named(withoutOwn.map(({ name }) => name))} holds a key of its present mode`,
        cure: 'Correct the mode in the plan, or export the current trusted publishing domain too.',
      })
    }
    const upgraded = context.plan.clusters.filter(
      ({ name, mode, exportable }) => exportable && mode === 2 && !modesOf(name).includes(1),
    )
    const modes = Object.fromEntries(context.plan.clusters.map(({ name, mode }) => [name, mode]))
    if (upgraded.length === 0) return passed(modes)
    return warned({
      finding: `${named(upgraded.map(({ name }) => name))} is in Mode 2, and no Mode 1 key of it is exported`,
      cure: 'If it was ever in Mode 1, its old key is a trusted publishing domain of its own and must be exported too.',
      data: modes,
    })
  },
}

export const keyPathSupported: Check = {
  id: 'key-path-supported',
  title: 'There is a way for every key',
  run: ({ plan }) => {
    const paths = plan.clusters.map((cluster) => ({ cluster, path: keyPathOf(cluster, plan.tenant.target) }))
    const blocked = paths.filter(({ path }) => path.refusal !== undefined)
    const data = Object.fromEntries(paths.map(({ cluster, path }) => [cluster.name, path.path]))
    if (blocked.length === 0) return Promise.resolve(passed(data))
    return Promise.resolve(
      failed({
        code: 'key-path-unsupported',
        finding: blocked.map(({ cluster, path }) => `${cluster.name}: ${path.refusal}`).join('; '),
        cure: 'Keep the key yourself in a supported module, or plan the cluster as a read-only source.',
        data,
      }),
    )
  },
}

export const readOnlyPlanned: Check = {
  id: 'read-only-planned',
  title: 'Clusters whose key cannot leave are planned as read-only sources',
  run: ({ plan }) => {
    const staying = plan.clusters.filter(({ exportable }) => !exportable).map(({ name }) => name)
    return Promise.resolve(
      noneOf(
        staying.filter((name) => plan.readOnly?.clusters.includes(name) !== true),
        (names) => `the key of ${names} cannot be exported, and nothing is planned for it`,
        'Add the cluster to readOnly in the plan; old content is opened there until it is protected again.',
      ),
    )
  },
}
