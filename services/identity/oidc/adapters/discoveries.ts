import * as client from 'openid-client'
import type { Provider } from '../port.ts'

/** Milliseconds after which a provider is asked again what it is. */
const FRESH = 60 * 60_000

/** What providers say of themselves, asked when first wanted and kept for an hour, with their keys. */
export const discoveries = ({ now, timeoutSeconds }: { now: () => number; timeoutSeconds: number }) => {
  const known = new Map<string, { readonly found: Promise<client.Configuration>; readonly at: number }>()

  const discover = (provider: Provider): Promise<client.Configuration> => {
    const execute = [client.enableNonRepudiationChecks]
    // The settings allow http on this machine only.
    if (provider.issuer.startsWith('http:')) execute.push(client.allowInsecureRequests)
    return client.discovery(new URL(provider.issuer), provider.clientId, {}, authentication(provider), {
      execute,
      timeout: timeoutSeconds,
    })
  }

  return {
    /** @throws what openid-client throws; the next one who asks tries again. */
    configurationOf: (provider: Provider): Promise<client.Configuration> => {
      const before = known.get(provider.id)
      if (before && Math.abs(now() - before.at) < FRESH) return before.found
      const found = discover(provider).catch((error: unknown) => {
        if (!before) {
          known.delete(provider.id)
          throw error
        }
        // What was known an hour ago is better than nobody signing in.
        known.set(provider.id, before)
        return before.found
      })
      known.set(provider.id, { found, at: now() })
      return found
    },
    forget: (provider: Provider): void => void known.delete(provider.id),
  }
}

/** The way that the provider takes: RFC 6749 wants every one to take the header, some have only the body. */
const authentication = ({ clientSecret }: Provider): client.ClientAuth => {
  if (clientSecret === '') return client.None()
  const [basic, post] = [client.ClientSecretBasic(clientSecret), client.ClientSecretPost(clientSecret)]
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (taken.includes('client_secret_basic') ? basic : post)(server, ...rest)
  }
}
