/** What is kept of somebody who registered with a provider. */
export interface Credentials {
  /** What the provider recognises them by. Never leaves the module. */
  readonly providerMetadata: Readonly<Record<string, unknown>>
  /** What tokens say of them beside who they are. */
  readonly userMetadata: Readonly<Record<string, unknown>>
}

/** Whether a login is who they say. */
export type Verdict =
  | { readonly isVerified: false }
  | {
      readonly isVerified: true
      /** Takes the place of what was kept, where the provider keeps it in another way now. */
      readonly providerMetadata?: Credentials["providerMetadata"]
    }

/**
 * A way to prove who one is by something that is sent along, such as a password. The module keeps the credentials,
 * counts failures and issues tokens; a provider only judges, and remembers nothing.
 */
export interface AuthProvider {
  /** As in URLs and tokens: `emailpass`. Permanent. */
  readonly name: string
  /** For people. */
  readonly displayName: string
  /** How a client goes about it: `credentials` are sent to us. */
  readonly flow: "credentials"

  /** Whom the input of a login speaks of, before anything is proven. @throws {InvalidInput} */
  identifierOf(input: unknown): string

  /** The one way to write an identifier: attempts are counted and identities found by it. @throws {InvalidInput} */
  entityIdOf(identifier: string): string

  /**
   * Called at every login, for people who are not known too: then it must do the same work as for those who are, so
   * that the time it takes does not say who is known.
   *
   * @param kept what was kept of them; `null` when they are not known, and the verdict does not matter.
   * @throws {InvalidInput}
   */
  authenticate(input: unknown, kept: Credentials | null): Promise<Verdict>

  /** Called when somebody registers. @returns what to keep of them. @throws {InvalidInput} */
  register(input: unknown): Promise<Credentials & { readonly entityId: string }>

  /**
   * Called when somebody replaces their credentials and has shown that they may.
   *
   * @returns what takes the place of `kept.providerMetadata`.
   * @throws {InvalidInput}
   */
  update(input: unknown, kept: Credentials): Promise<Credentials["providerMetadata"]>
}
