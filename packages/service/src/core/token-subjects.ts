/** Whom an identity provider means by the subject of its tokens (RFC 7519, 4.1.2), as the store keeps it. */

/** What one provider calls one person for ever; a person may have several, for example one for each application. */
export interface TokenSubject {
  /** The `iss` of the token. */
  readonly issuer: string
  /** The claim that holds it: what is an `oid` is no `sub`. */
  readonly claim: string
  /** As the provider writes it. */
  readonly subject: string
}

export interface BoundSubject extends TokenSubject {
  /** The directory's identifier of the person. */
  readonly person: string
  /** The primary address at that time, for whoever reads the list. */
  readonly address: string
  readonly boundAt: Date
  /** Whom the addresses of a token led to when it was first refused; undefined if none was. */
  readonly refused: RefusedPerson | undefined
}

export interface RefusedPerson {
  readonly person: string
  readonly address: string
  readonly at: Date
}

/** All that are given must fit; none means all. */
export interface SubjectNames {
  readonly issuer?: string | undefined
  readonly subject?: string | undefined
  /** The directory's identifier. */
  readonly person?: string | undefined
}

export interface SubjectFilter extends SubjectNames {
  /** Only those of which a token was refused. */
  readonly refused?: boolean | undefined
}

export interface TokenSubjectRepository {
  find(subject: TokenSubject): Promise<BoundSubject | undefined>
  /** The first one counts. */
  bind(bound: Omit<BoundSubject, 'refused'>): Promise<void>
  /** The first one counts. */
  markRefused(subject: TokenSubject, refused: RefusedPerson): Promise<void>
  count(filter: SubjectFilter): Promise<number>
  /** By issuer and subject. @param limit how many at most */
  list(filter: SubjectFilter, limit: number): Promise<readonly BoundSubject[]>
  /** @returns how many there were */
  release(names: SubjectNames): Promise<number>
}
