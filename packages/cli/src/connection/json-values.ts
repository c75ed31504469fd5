/** Values of a JSON file that somebody wrote by hand. Each throws a TypeError for what is of another kind. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text')
  return value
}

export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list')
  return value
}

export function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError('not true or false')
  return value
}
