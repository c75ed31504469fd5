/** A registry in memory, as Windows documents it: names know no case and keep the one they were made with. */
export interface ModelValue {
  readonly type: string
  readonly data: string | number
}

interface ModelKey {
  readonly name: string
  readonly values: Map<string, { readonly name: string; readonly value: ModelValue }>
}

export interface RegistryModel {
  has(key: string): boolean
  create(key: string): void
  set(key: string, name: string, value: ModelValue): void
  get(key: string, name: string): ModelValue | undefined
  deleteValue(key: string, name: string): boolean
  deleteKey(key: string): boolean
  /** The key's contents over another one, which is made. */
  copy(from: string, to: string): void
  values(key: string): readonly { readonly name: string; readonly value: ModelValue }[]
  subkeys(key: string): readonly string[]
  /** Everything, sorted; two registries are equal if these are. */
  dump(): readonly string[]
}

export function createRegistry(): RegistryModel {
  const keys = new Map<string, ModelKey>()
  const model: RegistryModel = {
    has: (key) => keys.has(key.toLowerCase()),
    create(key) {
      const names = key.split('\\')
      for (const [index] of names.entries()) {
        const name = names.slice(0, index + 1).join('\\')
        if (!model.has(name)) keys.set(name.toLowerCase(), { name, values: new Map() })
      }
    },
    set(key, name, value) {
      model.create(key)
      const values = keys.get(key.toLowerCase())?.values
      const known = values?.get(name.toLowerCase())
      values?.set(name.toLowerCase(), { name: known?.name ?? name, value })
    },
    get: (key, name) => keys.get(key.toLowerCase())?.values.get(name.toLowerCase())?.value,
    deleteValue: (key, name) => keys.get(key.toLowerCase())?.values.delete(name.toLowerCase()) === true,
    deleteKey(key) {
      const there = keys.delete(key.toLowerCase())
      for (const name of [...keys.keys()].filter((each) => each.startsWith(below(key)))) keys.delete(name)
      return there
    },
    copy(from, to) {
      model.create(to)
      const sources = [...keys].filter(([name]) => name === from.toLowerCase() || name.startsWith(below(from)))
      for (const [, { name, values }] of sources) {
        const target = `${to}${name.slice(from.length)}`
        model.create(target)
        for (const each of values.values()) model.set(target, each.name, each.value)
      }
    },
    values: (key) => [...(keys.get(key.toLowerCase())?.values.values() ?? [])],
    subkeys: (key) =>
      [...keys]
        .filter(([name]) => name.startsWith(below(key)) && !name.slice(below(key).length).includes('\\'))
        .map(([, { name }]) => name),
    dump: () =>
      [...keys]
        .flatMap(([name, { values }]) => [
          `[${name}]`,
          ...[...values].map(
            ([valueName, { value }]) => `[${name}] ${valueName} = ${value.type} ${String(value.data)}`,
          ),
        ])
        .sort(),
  }
  return model
}

function below(key: string): string {
  return `${key.toLowerCase()}\\`
}
