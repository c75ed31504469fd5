/** Whether everybody who works with protected content is known to the tenant under the same addresses. */
import { named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import { namedAddresses, sourceTemplates } from '../template-rights.ts'

const noDirectory = 'the plan names no directory'

export const usersInTenant: Check = {
  id: 'users-in-tenant',
  title: 'Everybody seen on the clusters is in the directory of the tenant',
  run: async (context) => {
    const people = context.people()
    if (people === undefined) return notApplicable(noDirectory)
    const { users } = await context.clusterLog()
    // People of partners move with their own organisation.
    const elsewhere = (context.plan.partners ?? []).flatMap(({ domains }) => domains.map((each) => each.toLowerCase()))
    const missing = [...users.keys()].filter(
      (address) => people.findUser(address) === undefined && !elsewhere.includes(address.split('@')[1] ?? ''),
    )
    const disabled = [...users.keys()].filter((address) => people.findUser(address)?.disabled === true)
    if (missing.length === 0 && disabled.length > 0) {
      return warned({
        finding: `${named(disabled)} are disabled in the tenant`,
        cure: 'Enable the accounts of people who still work here.',
        data: [...disabled].sort(),
      })
    }
    return noneOf(
      missing,
      (names) => `${names} are not in the directory of the tenant`,
      'Synchronise the accounts with the same mail addresses; keep a changed address as a further one.',
    )
  },
}

export const addressesComplete: Check = {
  id: 'addresses-complete',
  title: 'The sign-in name of everybody is one of their mail addresses',
  run: (context) => {
    const people = context.people()
    if (people === undefined) return Promise.resolve(notApplicable(noDirectory))
    const different = people.users.filter(
      ({ signInName, addresses }) => signInName !== undefined && !addresses.includes(signInName),
    )
    return Promise.resolve(
      noneOf(
        different.map(({ address }) => address),
        (names) => `the sign-in name of ${names} is none of their mail addresses`,
        'Add the sign-in name as a further mail address, or rights granted to it are lost.',
        { severity: 'warned' },
      ),
    )
  },
}

export const groupsWithMail: Check = {
  id: 'groups-with-mail',
  title: 'Every group that a template names has a mail address in the tenant',
  run: async (context) => {
    const people = context.people()
    if (people === undefined) return notApplicable(noDirectory)
    const withoutMail = people.groups.filter(({ addresses }) => addresses.length === 0).map(({ name }) => name)
    const domains = new Set(context.plan.tenant.domains.map((domain) => domain.toLowerCase()))
    const addresses = sourceTemplates(await context.exports()).flatMap(({ policy }) => namedAddresses(policy))
    const unknown = addresses.filter(
      (address) =>
        domains.has(address.split('@')[1] ?? '') &&
        people.findGroup(address) === undefined &&
        people.findUser(address) === undefined,
    )
    if (unknown.length === 0 && withoutMail.length > 0) {
      return warned({
        finding: `the groups ${named(withoutMail)} have no mail address`,
        cure: 'Give them one if rights were granted to them; rights are granted to addresses.',
        data: [...withoutMail].sort(),
      })
    }
    return noneOf(
      unknown,
      (names) => `templates grant rights to ${names}, which the tenant does not know`,
      'Mail-enable and synchronise the groups, then wait until the group cache of three hours is over.',
    )
  },
}

export const superUserProcedure: Check = {
  id: 'super-users-individual',
  title: 'Super users are named one by one',
  run: async (context) => {
    const { users, group } = await context.tenant.superUsers()
    if (group !== undefined) {
      return warned({
        finding: `super users come from the group ${group}, whose members are cached for three hours`,
        cure: 'Name each super user individually, which takes effect at once, or wait until the cache is over.',
      })
    }
    if (users.length > 0) return passed({ users: users.length })
    return warned({
      finding: 'the tenant has no super user',
      cure: 'Name at least one, so that content can be recovered; enable the feature only while it is used.',
    })
  },
}
