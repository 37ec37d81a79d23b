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

/** Empty when it is not there, or there twice: somebody planted one of them. */
export const refreshTokenIn = (header: string): string => {
  const found = header
    .split(/; ?|, /)
    .filter((pair) => pair.startsWith(`${NAME}=`))
    .map((pair) => pair.slice(NAME.length + 1))
  return found.length === 1 ? (found[0] ?? '') : ''
}
