/** Whatever somebody types is one value of a filter, and nothing else of it (threat D4). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { AndFilter, BerReader, BerWriter, EqualityFilter, FilterParser, OrFilter, type Filter } from 'ldapts'
import { groupsInChain, groupsWithMember, withAddress, withName, withPrincipalName } from './filters.ts'

/** The filter as a server reads it from the wire. */
function received(filter: Filter): Filter {
  const writer = new BerWriter()
  filter.write(writer)
  return FilterParser.parse(new BerReader(writer.buffer))
}

/** What is compared in a filter; throws for any other kind of condition. */
function comparisons(filter: Filter): readonly (readonly [string, string])[] {
  if (filter instanceof AndFilter || filter instanceof OrFilter) return filter.filters.flatMap(comparisons)
  assert.ok(filter instanceof EqualityFilter, filter.constructor.name)
  return [[filter.attribute.toLowerCase(), String(filter.value)]]
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('*', '(', ')', '\\', '\0', '&', '|', '!', '=', ':', 'a'), maxLength: 30 }),
)
const classes = ['user', 'group', 'groupofnames', 'groupofuniquenames', 'groupofmembers', 'inetorgperson']

test('a typed name arrives as the value that it is, in every place where one is compared', () => {
  const check = fc.property(text, (typed) => {
    const filters = [
      withPrincipalName(typed),
      withName('active-directory', typed, undefined),
      withName('generic', typed, undefined),
      groupsWithMember('generic', [typed]),
    ]
    for (const filter of filters) {
      for (const [attribute, value] of comparisons(received(filter))) {
        if (attribute === 'objectclass') assert.ok(classes.includes(value), value)
        else assert.equal(value, typed)
      }
    }
  })
  fc.assert(check)
})

test('addresses arrive in all their spellings, and nothing else', () => {
  const sent = comparisons(received(withAddress('active-directory', ["o'hara+*(x)@xn--mnchen-3ya.test"])))
  const spellings = ["o'hara+*(x)@xn--mnchen-3ya.test", "o'hara+*(x)@münchen.test"]
  assert.deepEqual(sent, [
    ['objectclass', 'user'],
    ['objectclass', 'group'],
    ...spellings.map((address) => ['mail', address]),
    ...spellings.map((address) => ['proxyaddresses', `smtp:${address}`]),
  ])
})

test('a name with signs of the filter language stands whole in the rule for nested groups', () => {
  const dn = 'CN=a*)(cn=\\2a,DC=lakeside,DC=test'
  const writer = new BerWriter()
  groupsInChain([dn]).write(writer)
  assert.ok(writer.buffer.includes(Buffer.concat([Buffer.from([0x83, dn.length]), Buffer.from(dn)])))
})
