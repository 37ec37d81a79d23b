import type { HttpRequest } from '../sockets/port.ts'

export type Origins = {
  /** Whether a page of the request's origin may use this server. Programs that are no browser name none, and may. */
  allows(request: HttpRequest): boolean
  /** The origin, when it is another than our own and one of the settings. */
  foreign(request: HttpRequest): string | undefined
}

/**
 * A page elsewhere must not open a socket or change anything in the name of whoever looks at it.
 * @param publicUrl where people reach the server
 */
export const origins = (publicUrl: string, allowed: readonly string[]): Origins => {
  const ours = URL.canParse(publicUrl) ? new URL(publicUrl).origin : publicUrl
  const others = new Set(allowed)
  return {
    allows(request) {
      const origin = request.header('origin')
      // Browsers that leave the origin out of a cross-site request still say that it is one.
      if (origin === '') return request.header('sec-fetch-site') !== 'cross-site'
      return origin === ours || others.has(origin) || isOwnLoopback(origin, request)
    },
    foreign(request) {
      const origin = request.header('origin')
      return origin !== ours && others.has(origin) ? origin : undefined
    },
  }
}

/**
 * On this machine the server is also reached as 127.0.0.1 or on another port. The host's name is checked too: a name of
 * an attacker's that resolves to this machine would be its own origin.
 */
const isOwnLoopback = (origin: string, request: HttpRequest): boolean => {
  const host = request.header('host')
  return (
    isLoopback(request.address) && origin === `http://${host}` && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)
  )
}

export const isLoopback = (address: string): boolean => address.startsWith('127.') || /^(0*:){2,7}0*1$/.test(address)
