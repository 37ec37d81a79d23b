/** The few words of oidc-provider that the tests say. It comes without types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export type Configuration = {
    readonly clients: readonly {
      readonly client_id: string
      readonly client_secret: string
      readonly redirect_uris: readonly string[]
    }[]
    readonly claims: Readonly<Record<string, readonly string[]>>
    /** Seconds. */
    readonly ttl: Readonly<Record<string, number>>
    readonly cookies: { readonly keys: readonly string[] }
    findAccount(
      context: unknown,
      id: string,
    ): Promise<{ readonly accountId: string; claims(): Promise<Readonly<Record<string, string>>> }>
  }
  export class Provider {
    constructor(issuer: string, configuration: Configuration)
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
  }
}
