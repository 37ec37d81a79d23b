import type { Route } from './route.ts'

/** The routes of one path, by method, and the values of its parameters. */
export type Found = { readonly routes: ReadonlyMap<string, Route>; readonly params: ReadonlyMap<string, string> }

/**
 * @throws when a route does not say who may, or stands there twice: such a server does not start
 */
export const table = (routes: readonly Route[]): ((path: string) => Found | undefined) => {
  const places = new Map<string, Map<string, Route>>()
  for (const route of routes) {
    if (!WHO.has(route.who)) throw new Error(`${route.method} ${route.path} does not say who may`)
    const methods = places.get(route.path) ?? new Map<string, Route>()
    if (methods.has(route.method)) throw new Error(`${route.method} ${route.path} stands there twice`)
    places.set(route.path, methods.set(route.method, route))
  }
  const patterns = [...places].map(([path, methods]) => ({ parts: path.split('/'), methods }))
  // Fixed words before parameters: `/api/uploads/tus` is not an upload named tus.
  patterns.sort((one, other) => wildness(one.parts) - wildness(other.parts))
  return (path) => {
    const asked = path.split('/')
    for (const { parts, methods } of patterns) {
      const params = match(parts, asked)
      if (params) return { routes: methods, params }
    }
    return undefined
  }
}

const WHO: ReadonlySet<string> = new Set<Route['who']>([
  'anyone',
  'cookie',
  'signed-in',
  'owner',
  'members',
  'nobody-yet',
])

const wildness = (parts: readonly string[]): number => parts.filter((part) => part.startsWith(':')).length

const match = (parts: readonly string[], asked: readonly string[]): Map<string, string> | undefined => {
  if (parts.length !== asked.length) return undefined
  const params = new Map<string, string>()
  for (const [at, part] of parts.entries()) {
    const value = asked[at] ?? ''
    if (part.startsWith(':')) params.set(part.slice(1), value)
    else if (part !== value) return undefined
  }
  return params
}
