/** Accounts that may open everything, and the switch of the feature. */
import { bothFamilies, defineCmdlet, type Cmdlet } from '../cmdlet.ts'

const serviceAccounts = 'services sign in with an account of the directory; give its address with -EmailAddress'

export const superUserCmdlets: readonly Cmdlet[] = [
  switchCmdlet('Enable', true),
  switchCmdlet('Disable', false),
  defineCmdlet({
    names: bothFamilies('Get', 'SuperUserFeature'),
    synopsis: 'Say whether super users may open everything',
    run: async (_, { administration }) =>
      (await (await administration()).call('getSuperUsers')).enabled ? 'Enabled' : 'Disabled',
  }),
  defineCmdlet({
    names: bothFamilies('Add', 'SuperUser'),
    synopsis: 'Add an account to the super users',
    changes: true,
    parameters: {
      EmailAddress: { kind: 'text', required: true, says: 'primary mail address of the account' },
      ServicePrincipalId: { kind: 'unsupported', says: serviceAccounts },
    },
    examples: addressExamples('-EmailAddress emma.lund@lakeside.example'),
    run: async ({ EmailAddress: address }, context) => {
      const administration = await context.administration()
      if (!(await context.agreed([`add ${address} to the super users`]))) return undefined
      await administration.call('addSuperUser', { body: { address } })
      return `The super user ${address} was added.`
    },
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'SuperUser'),
    synopsis: 'List the super users',
    run: async (_, { administration }) => (await (await administration()).call('getSuperUsers')).users,
  }),
  defineCmdlet({
    names: bothFamilies('Remove', 'SuperUser'),
    synopsis: 'Take an account off the list of super users',
    changes: true,
    parameters: {
      EmailAddress: { kind: 'text', required: true, says: 'mail address of the account' },
      ServicePrincipalId: { kind: 'unsupported', says: serviceAccounts },
    },
    examples: addressExamples('-EmailAddress emma.lund@lakeside.example'),
    run: async ({ EmailAddress: address }, context) => {
      const administration = await context.administration()
      if (!(await context.agreed([`take ${address} off the list of super users`]))) return undefined
      await administration.call('removeSuperUser', { parameters: { address } })
      return `The super user ${address} was removed.`
    },
  }),
  defineCmdlet({
    names: bothFamilies('Set', 'SuperUserGroup'),
    synopsis: 'Make the members of one group super users; a group that was set before is replaced',
    changes: true,
    parameters: { GroupEmailAddress: { kind: 'text', required: true, says: 'mail address of the group' } },
    examples: addressExamples('-GroupEmailAddress recovery@lakeside.example'),
    run: async ({ GroupEmailAddress: address }, context) => {
      const administration = await context.administration()
      if (!(await context.agreed([`make the members of ${address} super users`]))) return undefined
      await administration.call('setSuperUserGroup', { body: { address } })
      return `The group ${address} holds the super users.`
    },
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'SuperUserGroup'),
    synopsis: 'Show the group whose members are super users',
    run: async (_, { administration }) => (await (await administration()).call('getSuperUsers')).group ?? '',
  }),
  defineCmdlet({
    names: bothFamilies('Clear', 'SuperUserGroup'),
    synopsis: 'Let no group hold super users',
    changes: true,
    run: async (_, context) => {
      const administration = await context.administration()
      if (!(await context.agreed(['let no group hold super users']))) return undefined
      await administration.call('setSuperUserGroup', { body: null })
      return 'No group holds super users.'
    },
  }),
]

function switchCmdlet(verb: 'Enable' | 'Disable', enabled: boolean): Cmdlet {
  const done = enabled ? 'enabled' : 'disabled'
  return defineCmdlet({
    names: bothFamilies(verb, 'SuperUserFeature'),
    synopsis: enabled ? 'Let super users open everything' : 'Let super users open no more than others; the lists stay',
    changes: true,
    run: async (_, context) => {
      const administration = await context.administration()
      if (!(await context.agreed([`super users are ${done}`]))) return undefined
      await administration.call('enableSuperUsers', { body: { enabled } })
      return `The super user feature is ${done}.`
    },
  })
}

function addressExamples(address: string): readonly [string, string] {
  return [address, `${address} -Force`]
}
