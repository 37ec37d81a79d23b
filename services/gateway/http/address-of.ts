import type { HttpRequest } from '../sockets/port.ts'

/**
 * Where a request comes from. The last entry of X-Forwarded-For is what our own proxy saw; those before it, anybody can
 * have written.
 */
export const addressOf =
  (trustProxy: boolean) =>
  (request: HttpRequest): string => {
    if (!trustProxy) return request.address
    const last = request.header('x-forwarded-for').split(',').at(-1)?.trim() ?? ''
    return /^[0-9a-fA-F.:]{2,45}$/.test(last) ? last : request.address
  }
