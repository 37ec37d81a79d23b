import type { BuiltCommandType, Command } from '@verbatim/protocol'
import type { RequestBody } from '@verbatim/protocol/validators'
import { answered } from '../replies.ts'
import type { Reply, SignedIn } from '../route.ts'
import type { RouteParts } from '../routes.ts'

/** Commands over HTTP, and the resources that are commands under another name. */
export const commanding = ({ orders, ids }: RouteParts) => ({
  command: async ({ claims, body }: SignedIn): Promise<Reply> =>
    answered(await orders.send(body as Command<BuiltCommandType>, claims)),
  async requestFriend({ claims, body }: SignedIn): Promise<Reply> {
    const { user } = body as RequestBody<'friend'>
    return answered(await orders.send({ id: ids(), type: 'RequestFriend', user }, claims))
  },
  async acceptFriend({ claims, body }: SignedIn): Promise<Reply> {
    const { user } = body as RequestBody<'friend'>
    return answered(await orders.send({ id: ids(), type: 'AcceptFriend', user }, claims))
  },
})
