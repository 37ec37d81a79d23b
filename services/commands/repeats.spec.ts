import { limits } from '@verbatim/protocol'
import {
  acceptFriend,
  ada,
  addMember,
  block,
  bob,
  cleo,
  deleteMessage,
  eve,
  hello,
  idAt,
  markRead,
  noon,
  openDirect,
  pin,
  register,
  removeMember,
  requestFriend,
  sendMessage,
  startGroup,
  tea,
  tooFarAhead,
} from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { REMEMBERED } from './recent-ids.ts'
import { historyOf, message, newRoom, newWorld, nth } from './rig.ts'

describe('a repeat', () => {
  it('CH3 gets the identical answer and adds nothing', async () => {
    const { log, say } = await newRoom()
    const first = await say(sendMessage())
    await say(message(1))
    expect(await say(sendMessage())).toEqual(first)
    expect(await historyOf(log, tea)).toHaveLength(3)
  })

  it('CH3 gets it after a restart', async () => {
    const { log, say, restarted } = await newRoom()
    const first = await say(sendMessage())
    expect(await restarted().say(sendMessage())).toEqual(first)
    expect(await historyOf(log, tea)).toHaveLength(2)
  })

  it('CH3 gets it when the process died between the append and the answer', async () => {
    const { log, say, restarted } = await newRoom()
    log.fail('written')
    const lost = await say(sendMessage())
    expect(await restarted().say(sendMessage())).toEqual(lost)
    expect(await historyOf(log, tea)).toHaveLength(2)
  })

  it('CH3 gets it though its id left the window long ago, restarted or not', async () => {
    const { log, say, restarted } = await newRoom({ snapshotEvery: 100 })
    const first = await say(sendMessage())
    await Promise.all(Array.from({ length: REMEMBERED + 50 }, (_, n) => say(message(n))))
    expect(await say(sendMessage())).toEqual(first)
    expect(await restarted().say(sendMessage())).toEqual(first)
    expect(await historyOf(log, tea)).toHaveLength(REMEMBERED + 52)
  })

  it.each([
    ['31 seconds', 31_000],
    ['25 hours', 25 * 3_600_000],
    ['30 days', 30 * 86_400_000],
  ])('CH3 gets it %s later though its id left the window, restarted or not', async (_, later) => {
    const { log, say, restarted, time } = await newRoom()
    const first = await say(sendMessage())
    await Promise.all(Array.from({ length: REMEMBERED + 50 }, (_, n) => say(message(n))))
    time.now += later
    expect(await say(sendMessage())).toEqual(first)
    expect(await restarted().say(sendMessage())).toEqual(first)
    expect(await historyOf(log, tea)).toHaveLength(REMEMBERED + 52)
  })

  it('CH3 gets it though its sender was removed meanwhile', async () => {
    const { say, restarted } = await newRoom()
    const first = await say(sendMessage(), bob)
    await say(removeMember())
    expect(await say(sendMessage(), bob)).toEqual(first)
    expect(await restarted().say(sendMessage(), bob)).toEqual(first)
    expect(await say(message(1), bob)).toMatchObject({ reason: 'not-found' })
  })

  it('CH3 gets it though its sender was removed and its id left the window', async () => {
    const { say, restarted } = await newRoom()
    const first = await say(sendMessage(), bob)
    await say(removeMember())
    await Promise.all(Array.from({ length: REMEMBERED + 1 }, (_, n) => say(message(n))))
    expect(await say(sendMessage(), bob)).toEqual(first)
    expect(await restarted().say(sendMessage(), bob)).toEqual(first)
  })

  it('CH3 of a command with several events answers with the last of them', async () => {
    const { say, restarted } = await newWorld()
    await say(requestFriend())
    await say(acceptFriend(), bob)
    const first = await say(block())
    expect(first).toMatchObject({ revision: 3 })
    expect(await say(block())).toEqual(first)
    expect(await restarted().say(block())).toEqual(first)
  })

  it('CH3 of a command with several events answers alike when its id left the window', async () => {
    const { say, restarted } = await newRoom()
    await say(sendMessage())
    await say(pin())
    const first = await say(deleteMessage())
    expect(first).toMatchObject({ revision: 4 })
    await Promise.all(Array.from({ length: REMEMBERED + 1 }, (_, n) => say(message(n))))
    expect(await say(deleteMessage())).toEqual(first)
    expect(await restarted().say(deleteMessage())).toEqual(first)
  })

  it('CH3 keeps what its answer adds', async () => {
    const { say, restarted } = await newWorld()
    const opened = await say(openDirect())
    const started = await say(startGroup())
    expect(started).toMatchObject({ conversation: tea })
    expect([await say(openDirect()), await say(startGroup())]).toEqual([opened, started])
    const again = restarted()
    expect([await again.say(openDirect()), await again.say(startGroup())]).toEqual([opened, started])
  })

  it('CH3 of what was refused is decided anew', async () => {
    const { say } = await newRoom()
    expect(await say(message(1), eve)).toMatchObject({ reason: 'not-found' })
    await say(addMember())
    expect(await say(message(1), eve)).toMatchObject({ kind: 'accepted' })
  })

  it('CH3 of a read mark that was overtaken changes nothing', async () => {
    const { say, restarted } = await newRoom()
    await Promise.all([1, 2, 3].map((n) => say(message(n))))
    await say(markRead(), bob)
    const later = await say(markRead({ id: nth(50), revision: 3 }), bob)
    for (const { say: ask } of [{ say }, restarted()])
      expect(await ask(markRead({ id: nth(51), revision: 2 }), bob)).toEqual({ ...later, id: nth(51) })
    expect(await restarted().say(markRead({ id: nth(50), revision: 3 }), bob)).toEqual(later)
  })

  it('CH3 with its fields in another order is a repeat', async () => {
    const { say } = await newRoom()
    const body = { text: 'So', mentions: [bob] }
    const first = await say(sendMessage({ body }))
    expect(await say(sendMessage({ body: { mentions: [bob], text: 'So' } }))).toEqual(first)
  })
})

describe('an id that was used', () => {
  const reused = { kind: 'refused', id: hello, reason: 'id-reused' }

  it('CH4 is refused with other content, without detail', async () => {
    const { say, restarted } = await newRoom()
    await say(sendMessage())
    const other = sendMessage({ body: { text: 'Other' } })
    expect(await say(other)).toEqual(reused)
    expect(await restarted().say(other)).toEqual(reused)
    expect(await say(pin({ id: hello }))).toEqual(reused)
  })

  it('CH4 is refused to another member, whoever comes first', async () => {
    const { say, restarted } = await newRoom()
    await say(sendMessage())
    expect(await say(sendMessage(), bob)).toEqual(reused)
    expect(await restarted().say(sendMessage(), bob)).toEqual(reused)
  })

  it('CH4 is refused to the second of two who send it at once', async () => {
    const { log, say } = await newRoom()
    const [first, second] = await Promise.all([say(sendMessage(), cleo), say(sendMessage(), bob)])
    expect(first).toMatchObject({ kind: 'accepted' })
    expect(second).toEqual(reused)
    expect(await historyOf(log, tea)).toHaveLength(2)
  })

  it('CH4 is refused to another member after it left the window, and his neighbours are not disturbed', async () => {
    const { log, say } = await newRoom()
    await say(sendMessage())
    await Promise.all(Array.from({ length: REMEMBERED + 1 }, (_, n) => say(message(n))))
    const [before, stolen, after] = await Promise.all([
      say(message(901), bob),
      say(sendMessage(), bob),
      say(message(902)),
    ])
    expect(stolen).toEqual(reused)
    expect([before, after]).toMatchObject([{ revision: REMEMBERED + 3 }, { revision: REMEMBERED + 4 }])
    expect(await historyOf(log, tea)).toHaveLength(REMEMBERED + 5)
  })

  it('CH4 tells an outsider nothing', async () => {
    const { say, restarted } = await newRoom()
    await say(sendMessage())
    const unknown = await say(message(1), eve)
    expect(await say(sendMessage(), eve)).toEqual({ ...unknown, id: hello })
    expect(await restarted().say(sendMessage(), eve)).toEqual({ ...unknown, id: hello })
  })

  it('CH4 in one conversation is free in another', async () => {
    const { say } = await newRoom()
    await say(sendMessage())
    const direct = await say(openDirect())
    if (direct.kind !== 'accepted' || !direct.conversation) throw new Error('it was not opened')
    expect(await say(sendMessage({ conversation: direct.conversation }))).toMatchObject({
      kind: 'accepted',
      revision: 1,
    })
  })
})

describe('the time of an id', () => {
  it('CH6 may be a day ahead and not more', async () => {
    const { say } = await newRoom()
    expect(await say(sendMessage({ id: idAt(limits.idAhead) }))).toMatchObject({ kind: 'accepted' })
    expect(await say(sendMessage({ id: idAt(limits.idAhead + 1) }))).toMatchObject({ reason: 'id-ahead' })
    expect(await say(sendMessage({ id: tooFarAhead }))).toMatchObject({ reason: 'id-ahead' })
  })

  it('CH6 may be long past', async () => {
    const { say, time } = await newRoom()
    time.now = noon + 400 * 24 * 3_600_000
    expect(await say(sendMessage())).toMatchObject({ kind: 'accepted' })
  })

  it('CH6 of an accepted command is not asked again when the clock was set back', async () => {
    const { say, time, restarted } = await newRoom()
    const first = await say(sendMessage({ id: idAt(limits.idAhead) }))
    time.now -= 3_600_000
    expect(await say(sendMessage({ id: idAt(limits.idAhead) }))).toEqual(first)
    const again = restarted()
    again.time.now = time.now
    expect(await again.say(sendMessage({ id: idAt(limits.idAhead) }))).toEqual(first)
  })

  it('CH3 CH6 of an account is that of its user', async () => {
    const { say } = await newWorld()
    expect(await say(register({ handle: 'ada' }), ada)).toMatchObject({ kind: 'accepted', revision: 0 })
  })
})
