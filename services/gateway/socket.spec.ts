import { type Command, directConversation, type Ulid } from '@verbatim/protocol'
import { idAt, sendMessage, startGroup } from '@verbatim/protocol/examples'
import { expect, it } from 'vitest'
import { accepted, cast, sessionOf, startGateway, tokenOf } from './rig/rig.ts'
import { openSocket, signedInSocket } from './rig/talking.ts'

const { ada, bob } = cast
const tea = directConversation(ada.id, bob.id)

it('GW1 is ready after hello, and says who one is and where the conversations stand.', async () => {
  const rig = await startGateway()
  rig.world.commit(
    { conversation: tea, type: 'MemberAdded', user: ada.id },
    { conversation: tea, type: 'MessageSent', user: ada.id },
  )
  const talk = await signedInSocket(rig.port, ada.id)
  expect(talk.seen).toEqual([
    {
      type: 'ready',
      user: ada,
      session: sessionOf(ada.id),
      log: 'log-1',
      time: new Date(rig.clock.time).toISOString(),
      conversations: [{ id: tea, revision: 1 }],
    },
  ])
})
