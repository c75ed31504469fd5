/** The problems that migrations are known to meet, each with the checks that name it before it hurts. */

export interface KnownProblem {
  readonly number: number
  readonly title: string
  readonly checks: readonly string[]
}

export const knownProblems: readonly KnownProblem[] = [
  {
    number: 1,
    title: 'Redirections do not match the addresses in licences',
    checks: ['urls-in-inventory', 'redirections-complete'],
  },
  {
    number: 2,
    title: 'Clients depend on a redirection by DNS, and the cluster is removed',
    checks: ['no-dns-redirection'],
  },
  {
    number: 3,
    title: 'The domain of an archived Mode 1 key is not exported',
    checks: ['issuers-covered', 'cryptographic-mode'],
  },
  {
    number: 4,
    title: 'Rights of everybody are dropped silently',
    checks: ['anyone-mapped', 'external-readers', 'templates-have-rights'],
  },
  {
    number: 5,
    title: 'Special characters in a password look like damaged data',
    checks: ['password-characters', 'exports-open'],
  },
  { number: 6, title: 'The tenant was active already', checks: ['tenant-not-active', 'foreign-licensors'] },
  {
    number: 7,
    title: 'The imported key is active too late, or archived during batches',
    checks: ['active-during-batches', 'active-key-intended'],
  },
  { number: 8, title: 'Onboarding refuses those who must protect', checks: ['onboarding-accounts'] },
  {
    number: 9,
    title: 'Mail and collaboration servers keep what belongs to the cluster',
    checks: ['mail-certificates-deleted', 'mail-redirections', 'libraries-checked-in'],
  },
  {
    number: 10,
    title: 'Addresses and groups differ between the directories',
    checks: ['addresses-complete', 'users-in-tenant', 'groups-with-mail'],
  },
  {
    number: 11,
    title: 'Macs remember the cluster, and mobile records stay in one of two zones',
    checks: ['mac-window', 'mobile-records-gone'],
  },
  {
    number: 12,
    title: 'Settings of Office 2016 are missing, and the friendly name is not carried over',
    checks: ['office-servers-set', 'friendly-names'],
  },
  { number: 13, title: 'A change of the group of super users takes hours', checks: ['super-users-individual'] },
  { number: 14, title: 'The change of the key is expected to be instant', checks: ['rekey-share'] },
]
