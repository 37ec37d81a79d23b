import type { SignInFault } from '@verbatim/protocol/sign-in-faults'
import type { ProviderLink } from '../identity-store.ts'
import type { Claims, Device, SignIn } from '../port.ts'

/** One of the providers of the settings. */
export type Provider = {
  /** `[a-z][a-z0-9_]*`; part of the addresses that the provider sends people back to. */
  readonly id: string
  /** What the button says. */
  readonly label: string
  readonly issuer: string
  readonly clientId: string
  /** Empty for a public client. */
  readonly clientSecret: string
}

/** What one attempt sends along and wants to see again. Each is 256 random bits, base64url. */
export type Secrets = { readonly state: string; readonly nonce: string; readonly verifier: string }
export type Attempt = Secrets & { readonly redirectUri: string }

/** `detail` is for the log of the operator: it says what to look at and holds no secret. */
export type Fault = { readonly kind: 'fault'; readonly fault: SignInFault; readonly detail?: string }

/** What a provider says about somebody. Untrusted words: only the link is signed and checked. */
export type Profile = { readonly username?: string; readonly name?: string }
export type Vouched = {
  readonly kind: 'vouched'
  readonly link: ProviderLink
  /** Asks the provider further, when the token does not say it. */
  profile(): Promise<Profile | Fault>
}

/** The provider's side of the code flow with PKCE (S256). Nothing is asked of a provider before somebody wants it. */
export interface OpenId {
  /** Where the browser goes to. */
  authorize(provider: Provider, attempt: Attempt): Promise<{ readonly kind: 'go'; readonly url: string } | Fault>
  /** Trades the code for an ID token and checks all of it: signature, issuer, audience, nonce, times. */
  redeem(provider: Provider, attempt: Attempt, answer: URLSearchParams): Promise<Vouched | Fault>
}

/** What a browser takes with it: where it goes, and the sealed attempt, for a cookie of ten minutes. */
export type Begun = { readonly kind: 'begun'; readonly url: string; readonly attempt: string }

export interface ProviderSignIn {
  /** In the order of the settings. */
  readonly providers: readonly { readonly id: string; readonly name: string }[]
  /**
   * @param input.publicUrl origin that the provider sends people back to
   * @param input.link whose account is to be linked; without it somebody is signed in
   * @returns `undefined` when there is no such provider
   */
  begin(
    provider: string,
    input: { readonly publicUrl: string; readonly link?: Claims },
  ): Promise<Begun | Fault | undefined>
  /**
   * @param input.attempt the sealed attempt of this browser's cookie
   * @param input.answer what the provider sent along
   * @returns `undefined` when there is no such provider
   */
  finish(
    provider: string,
    input: { readonly publicUrl: string; readonly attempt: string; readonly answer: URLSearchParams },
    from: Device,
  ): Promise<SignIn | { readonly kind: 'linked' } | Fault | undefined>
  /** All providers, and which of them are linked to the account. */
  linkedTo(of: Claims): Promise<{ id: string; name: string; linked: boolean }[]>
  /**
   * The account is no longer entered by this provider. `only-way-in` when it has no password and no link to another
   * provider of the settings. Sessions go on.
   * @returns `undefined` when there is no such provider
   */
  unlink(provider: string, of: Claims): Promise<'unlinked' | 'only-way-in' | undefined>
}
