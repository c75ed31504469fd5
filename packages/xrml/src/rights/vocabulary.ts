/** The rights of the field (MS-RMPR 2.2.9.8.5.3). Unknown names are legal: they are kept and returned, never rejected. */

export const knownRights = [
  'VIEW',
  'DOCEDIT',
  'EDIT',
  'COMMENT',
  'EXPORT',
  'EXTRACT',
  'PRINT',
  'FORWARD',
  'REPLY',
  'REPLYALL',
  'VIEWRIGHTSDATA',
  'EDITRIGHTSDATA',
  'OBJMODEL',
  'OWNER',
] as const

/** OWNER implies every right. */
export const owner = 'OWNER'

/** The pseudo-address of everybody whose account certificate the service trusts. */
export const anyone = 'ANYONE'

/** Roles of the REST protocol and of permission levels, as lists of rights. */
export const roleRights: Readonly<Record<string, readonly string[]>> = {
  VIEWER: ['VIEW', 'VIEWRIGHTSDATA', 'OBJMODEL'],
  REVIEWER: ['VIEW', 'EDIT', 'DOCEDIT', 'VIEWRIGHTSDATA', 'OBJMODEL', 'REPLY', 'REPLYALL', 'FORWARD'],
  AUTHOR: ['VIEW', 'EDIT', 'DOCEDIT', 'EXTRACT', 'VIEWRIGHTSDATA', 'OBJMODEL', 'PRINT', 'REPLY', 'REPLYALL', 'FORWARD'],
  COAUTHOR: [
    'VIEW',
    'EDIT',
    'DOCEDIT',
    'EXTRACT',
    'VIEWRIGHTSDATA',
    'OBJMODEL',
    'PRINT',
    'REPLY',
    'REPLYALL',
    'FORWARD',
  ],
  COOWNER: [
    'VIEW',
    'EDIT',
    'DOCEDIT',
    'EXTRACT',
    'VIEWRIGHTSDATA',
    'EDITRIGHTSDATA',
    'OBJMODEL',
    'EXPORT',
    'PRINT',
    'REPLY',
    'REPLYALL',
    'FORWARD',
    'OWNER',
  ],
}

/** Any of these lets its holder take the protection off. */
export const removalRights = ['OWNER', 'EDITRIGHTSDATA', 'EXPORT', 'EXTRACT'] as const

/** An access check for a right succeeds with that right or with OWNER. */
export function holds(rights: readonly string[], right: string): boolean {
  return rights.includes(owner) || rights.includes(right)
}
