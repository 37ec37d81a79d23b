import { isUlid, limits } from '@verbatim/protocol'
import { noContent, notFound, ok, read, refused } from '../replies.ts'
import type { Reply, SignedIn } from '../route.ts'
import type { RouteParts } from '../routes.ts'

/** What everybody reads about himself. */
export const me = ({ identity, socialGraph, reached }: RouteParts) => ({
  async profile({ claims }: SignedIn): Promise<Reply> {
    const first = await socialGraph.me(claims.user)
    // Signed in, so there is an account: the model has not come to it yet.
    if (!first.value) await reached(['social-graph'], first.position + 1, limits.readWait)
    const { position, value: user } = first.value ? first : await socialGraph.me(claims.user)
    return user ? read(position, { user }) : refused('behind')
  },
  async preferences({ claims }: SignedIn): Promise<Reply> {
    const { position, value: preferences } = await socialGraph.preferences(claims.user)
    return read(position, { preferences })
  },
  async friends({ claims }: SignedIn): Promise<Reply> {
    const { position, value: friends } = await socialGraph.friends(claims.user)
    return read(position, { friends })
  },
  async requests({ claims }: SignedIn): Promise<Reply> {
    const { position, value } = await socialGraph.requests(claims.user)
    return read(position, value)
  },
  async blocked({ claims }: SignedIn): Promise<Reply> {
    const { position, value: users } = await socialGraph.blocked(claims.user)
    return read(position, { users })
  },
  sessions: async ({ claims }: SignedIn): Promise<Reply> => ok({ sessions: await identity.sessions(claims) }),
  async endSession({ claims, param }: SignedIn): Promise<Reply> {
    const session = param('id')
    return isUlid(session) && (await identity.endSession(claims, session)) ? noContent : notFound
  },
})
