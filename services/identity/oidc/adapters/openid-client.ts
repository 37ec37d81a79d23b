import * as client from 'openid-client'
import type { Fault, OpenId, Profile, Vouched } from '../port.ts'
import { discoveries } from './discoveries.ts'
import { faultOf } from './faults.ts'

/** Milliseconds since the epoch; in tests also shorter timeouts. */
export type OpenIdClientParts = { readonly now: () => number; readonly timeoutSeconds?: number }

const SCOPE = 'openid profile'
/** Seconds by which a provider's clock may be ahead before that is called by its name. */
const AHEAD = 60
/** OpenID Connect Core, section 2: at most 255. A little more is taken, but nothing that bloats the store. */
const SUBJECT_AT_MOST = 1_024

/** OpenID Connect by `openid-client`. */
export const openIdClient = ({ now, timeoutSeconds = 5 }: OpenIdClientParts): OpenId => {
  const { configurationOf, forget } = discoveries({ now, timeoutSeconds })

  const redeem: OpenId['redeem'] = async (provider, { redirectUri, state, nonce, verifier }, answer) => {
    try {
      const configuration = await configurationOf(provider)
      const tokens = await client.authorizationCodeGrant(configuration, new URL(`${redirectUri}?${answer}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) return mismatch('there is no ID token')
      if (claims.sub === '' || claims.sub.length > SUBJECT_AT_MOST) return mismatch('the subject is empty or too long')
      if (claims.iat > now() / 1_000 + AHEAD)
        return { kind: 'fault', fault: 'clock-skew', detail: "the provider's clock is ahead of this server's" }
      return vouchedFor(configuration, claims, tokens.access_token)
    } catch (error) {
      const fault = faultOf(error)
      // What is known of the provider may be what was wrong: the next attempt asks anew.
      if (fault.fault !== 'access-denied' && fault.fault !== 'provider-refused') forget(provider)
      return fault
    }
  }

  return {
    authorize: async (provider, { redirectUri, state, nonce, verifier }) => {
      try {
        const url = client.buildAuthorizationUrl(await configurationOf(provider), {
          redirect_uri: redirectUri,
          scope: SCOPE,
          state,
          nonce,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        })
        if (!/^https?:$/.test(url.protocol)) return misconfigured('the authorization endpoint is no web address')
        return { kind: 'go', url: url.href }
      } catch (error) {
        const fault = faultOf(error)
        // Nobody has answered anything yet: what does not fit is what the provider says of itself.
        return fault.fault === 'answer-mismatch' ? { ...fault, fault: 'provider-misconfigured' } : fault
      }
    },
    redeem,
  }
}

/** Many providers tell names only when they are asked once more, with the access token. That is done for new people only. */
const vouchedFor = (configuration: client.Configuration, claims: client.IDToken, accessToken: string): Vouched => ({
  kind: 'vouched',
  link: { issuer: claims.iss, subject: claims.sub },
  profile: async () => {
    const told = profileIn(claims)
    if ((told.username && told.name) || !configuration.serverMetadata().userinfo_endpoint) return told
    try {
      return { ...profileIn(await client.fetchUserInfo(configuration, accessToken, claims.sub)), ...told }
    } catch (error) {
      return faultOf(error)
    }
  },
})

const profileIn = ({ preferred_username: username, name }: Record<string, unknown>): Profile => ({
  ...(typeof username === 'string' && { username }),
  ...(typeof name === 'string' && { name }),
})

const mismatch = (detail: string): Fault => ({ kind: 'fault', fault: 'answer-mismatch', detail })
const misconfigured = (detail: string): Fault => ({ kind: 'fault', fault: 'provider-misconfigured', detail })
