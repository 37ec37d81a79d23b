import type { HttpRequest } from '../sockets/port.ts'
import { isLoopback } from './origins.ts'

/** Headers by which a proxy tells that a request is not its own. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-proto']

/**
 * Whether somebody on this machine asks. Through a proxy on this machine everybody would come from loopback: a trusted
 * one says from where, and where an untrusted one stands in front, or one that says nothing, nobody counts as near.
 */
export const nearness =
  (trustProxy: boolean) =>
  (request: HttpRequest, address: string): boolean => {
    if (!isLoopback(request.address)) return false
    if (FORWARDED.every((name) => request.header(name) === '')) return true
    const last = request.header('x-forwarded-for').split(',').at(-1)?.trim()
    return trustProxy && last === address && isLoopback(address)
  }
