import { contract } from '@verbatim/protocol/contract'
import type { GatewayLimits } from '../limits/gateway-limits.ts'
import type { GatewayParts } from '../parts.ts'
import type { Orders } from '../session/orders.ts'
import type { Route } from './route.ts'
import { aboutServer } from './routes/about-server.ts'
import { byProvider } from './routes/by-provider.ts'
import { commanding } from './routes/commanding.ts'
import { conversations } from './routes/conversations.ts'
import { me } from './routes/me.ts'
import { people } from './routes/people.ts'
import { signingIn } from './routes/signing-in.ts'

export type RouteParts = Pick<
  GatewayParts,
  'identity' | 'timelines' | 'socialGraph' | 'people' | 'now' | 'ids' | 'ready' | 'metrics' | 'reached' | 'settings'
> & {
  readonly orders: Orders
  readonly limiter: GatewayLimits
  /** Whether cookies are sent over https only. */
  readonly secure: boolean
  /** Origin under which people reach the server. */
  readonly publicUrl: string
}

/** Every route and who may. The router takes none that does not say it. */
export const routes = (parts: RouteParts): Route[] => {
  const auth = signingIn(parts)
  const provider = byProvider(parts)
  const own = me(parts)
  const order = commanding(parts)
  const conversation = conversations(parts)
  const person = people(parts)
  const server = aboutServer(parts)
  return [
    { method: 'POST', path: '/api/auth/register', who: 'anyone', body: 'register', answer: auth.register },
    { method: 'POST', path: '/api/auth/login', who: 'anyone', body: 'login', answer: auth.login },
    { method: 'POST', path: '/api/auth/refresh', who: 'cookie', answer: auth.refresh },
    { method: 'POST', path: '/api/auth/logout', who: 'cookie', answer: auth.logout },
    { method: 'GET', path: '/api/auth/providers', who: 'anyone', answer: auth.providers },
    { method: 'GET', path: '/api/auth/oidc/:provider/start', who: 'anyone', answer: provider.start },
    { method: 'GET', path: '/api/auth/oidc/:provider/callback', who: 'anyone', answer: provider.callback },

    { method: 'GET', path: '/api/me', who: 'owner', models: ['social-graph'], answer: own.profile },
    { method: 'GET', path: '/api/me/preferences', who: 'owner', models: ['social-graph'], answer: own.preferences },
    { method: 'GET', path: '/api/me/sessions', who: 'owner', answer: own.sessions },
    { method: 'DELETE', path: '/api/me/sessions/:id', who: 'owner', answer: own.endSession },
    { method: 'GET', path: '/api/me/providers', who: 'owner', answer: provider.linked },
    { method: 'POST', path: '/api/me/providers/:provider', who: 'owner', answer: provider.link },
    { method: 'DELETE', path: '/api/me/providers/:provider', who: 'owner', answer: provider.unlink },
    { method: 'GET', path: '/api/me/friends', who: 'owner', models: ['social-graph'], answer: own.friends },
    { method: 'GET', path: '/api/me/friends/request', who: 'owner', models: ['social-graph'], answer: own.requests },
    { method: 'GET', path: '/api/me/blocked', who: 'owner', models: ['social-graph'], answer: own.blocked },

    { method: 'POST', path: '/api/commands', who: 'signed-in', body: 'command', answer: order.command },
    { method: 'POST', path: '/api/me/friend/request', who: 'signed-in', body: 'friend', answer: order.requestFriend },
    { method: 'POST', path: '/api/me/friend/add', who: 'signed-in', body: 'friend', answer: order.acceptFriend },

    {
      method: 'GET',
      path: '/api/conversations',
      who: 'owner',
      models: ['timelines', 'social-graph'],
      answer: conversation.list,
    },
    {
      method: 'GET',
      path: '/api/conversations/:id',
      who: 'members',
      models: ['timelines', 'social-graph'],
      laterWith: 'asOf',
      answer: conversation.details,
    },
    {
      method: 'GET',
      path: '/api/conversations/:id/messages',
      who: 'members',
      models: ['timelines'],
      laterWith: 'asOf',
      answer: conversation.messages,
    },
    {
      method: 'GET',
      path: '/api/conversations/:id/messages/:message/edits',
      who: 'members',
      models: ['timelines'],
      answer: conversation.edits,
    },
    {
      method: 'GET',
      path: '/api/conversations/:id/messages/:message/readers',
      who: 'members',
      models: ['timelines'],
      answer: conversation.readers,
    },
    {
      method: 'GET',
      path: '/api/conversations/:id/events',
      who: 'members',
      models: ['timelines'],
      answer: conversation.events,
    },

    { method: 'GET', path: '/api/users', who: 'signed-in', models: ['people', 'social-graph'], answer: person.find },
    { method: 'GET', path: '/api/users/:id', who: 'signed-in', models: ['social-graph'], answer: person.one },

    { method: 'GET', path: '/health', who: 'anyone', answer: server.health },
    { method: 'GET', path: '/ready', who: 'anyone', answer: server.ready },
    { method: 'GET', path: '/api/openapi.json', who: 'anyone', answer: server.openapi },
    { method: 'GET', path: '/api/asyncapi.json', who: 'anyone', answer: server.asyncapi },
    { method: 'GET', path: '/metrics', who: 'anyone', answer: server.metrics },
    ...later,
  ]
}

const later: readonly Route[] = contract
  .filter((row) => row.later)
  .map(({ method, path }) => ({ method, path, who: 'nobody-yet' }))
