/** What Exchange adds to the schema of Active Directory, as far as it is read here; a domain of Samba does not have it. */

/** Change records of RFC 2849, to be applied in this order. @param baseDn of the domain that holds the schema */
export function exchangeSchema(baseDn: string): readonly string[] {
  const schema = `CN=Schema,CN=Configuration,${baseDn}`
  const attribute = [
    `dn: CN=ms-Exch-Originating-Forest,${schema}`,
    'changetype: add',
    'objectClass: attributeSchema',
    'attributeID: 1.3.6.1.4.1.32473.1.1',
    'attributeSyntax: 2.5.5.12',
    'oMSyntax: 64',
    'isSingleValued: FALSE',
    'lDAPDisplayName: msExchOriginatingForest',
  ]
  const contact = [
    `dn: CN=Contact,${schema}`,
    'changetype: modify',
    'add: mayContain',
    'mayContain: msExchOriginatingForest',
  ]
  return [attribute, contact].map((lines) => `${lines.join('\n')}\n`)
}
