/**
 * JSON in which a member of an object occurs twice. Readers disagree which of the two counts (RFC 8259, 4), so whoever
 * signed may have meant the other one; RFC 7519, 4 allows to refuse such claims.
 */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gs

/** @param json well-formed */
export function hasRepeatedMember(json: string): boolean {
  const open: (Set<string> | undefined)[] = []
  let name = ''
  for (const [token] of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (token !== ':') name = token
    else {
      const names = open.at(-1)
      const unescaped = JSON.parse(name) as string
      if (names?.has(unescaped) === true) return true
      names?.add(unescaped)
    }
  }
  return false
}
