import { limits } from '@verbatim/protocol'

const NAME = 'verbatim_refresh'

/** Out of reach of scripts and of other sites, and sent nowhere but to where it is used. */
const attributes = (secure: boolean): string => `Path=/api/auth; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`

export const refreshCookie = (token: string, secure: boolean): readonly [string, string] => [
  'set-cookie',
  `${NAME}=${token}; Max-Age=${limits.sessionDays * 86_400}; ${attributes(secure)}`,
]
export const clearedCookie = (secure: boolean): readonly [string, string] => [
  'set-cookie',
  `${NAME}=; Max-Age=0; ${attributes(secure)}`,
]

export const refreshTokenIn = (header: string): string => valueIn(header, NAME)

/** An attempt to sign in by a provider. Lax, since its way back is a link from another site, on which Strict stays home. */
const ATTEMPT = 'verbatim_attempt'
const attemptAttributes = (secure: boolean): string =>
  `Path=/api/auth/oidc; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
export const attemptCookie = (attempt: string, secure: boolean): readonly [string, string] => [
  'set-cookie',
  `${ATTEMPT}=${attempt}; Max-Age=600; ${attemptAttributes(secure)}`,
]
export const clearedAttempt = (secure: boolean): readonly [string, string] => [
  'set-cookie',
  `${ATTEMPT}=; Max-Age=0; ${attemptAttributes(secure)}`,
]
export const attemptIn = (header: string): string => valueIn(header, ATTEMPT)

/** Empty when it is not there, or there twice: somebody planted one of them. */
const valueIn = (header: string, name: string): string => {
  const found = header
    .split(/; ?|, /)
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return found.length === 1 ? (found[0] ?? '') : ''
}
