/**
 * Accounts of the directory as Windows knows them, by security identifier and not by mail address. Servers sign in with the
 * accounts of their computers, which have none (MS-RMPR 3.1.4.3): for rights they are nobody, but the closed doors can
 * admit them, and the groups that they are in.
 */

/** An account without a mail address. */
export interface WindowsAccount {
  /** Never changes and is never given again. */
  readonly id: string
  readonly sid: string
  /** In canonical form, `corp\mail01$`. */
  readonly name: string
  readonly disabled: boolean
}

/** Somebody or some group that an administrator names, with a mail address or without. */
export interface WindowsPrincipal {
  readonly kind: 'account' | 'security' | 'distribution'
  readonly sid: string
  /** In canonical form, `corp\mail servers`. */
  readonly name: string
}

/** Every method throws RightsError `directory-unavailable` when it cannot know. */
export interface WindowsAccounts {
  /**
   * @param domain NetBIOS name
   * @param name of the account
   * @returns nobody for accounts with an address: those are users
   */
  find(domain: string, name: string): Promise<WindowsAccount | undefined>
  /** @param name `CORP\name`, the name alone where only one has it, or a current security identifier */
  named(name: string): Promise<WindowsPrincipal | undefined>
  /** Security identifiers of all security groups of a user or an account, directly or through other groups. */
  groupSids(id: string): Promise<readonly string[]>
  /**
   * The user whose identity a computer shares with the others of its farm: that of a system mailbox of Exchange, whose
   * `msExchRMSComputerAccountsLink` names the accounts of its servers. Its own account is usually disabled.
   */
  linkedUser(id: string): Promise<{ readonly sid: string } | undefined>
}

/** Of a directory in which everybody has an address. */
export const noWindowsAccounts: WindowsAccounts = {
  find: async () => undefined,
  named: async () => undefined,
  groupSids: async () => [],
  linkedUser: async () => undefined,
}
