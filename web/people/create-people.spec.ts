import type { Person } from '@verbatim/protocol'
import { people } from '@verbatim/protocol/examples'
import { expect, it } from 'vitest'
import type { Api } from '../session/api.ts'
import { createPeople } from './create-people.ts'

const { ada, bob, cleo } = people

/** What the server says at each path. */
const serving = (answers: Record<string, unknown>): Api => ({
  get: async (path) => answers[path] as never,
  post: () => Promise.reject(new Error('nothing is to be written')),
  remove: () => Promise.reject(new Error('nothing is to be removed')),
  reached: () => undefined,
  startAfresh: () => undefined,
})
const server = (blocked: readonly Person[]) => ({
  '/api/me/friends': { friends: [cleo] },
  '/api/me/friends/request': { incoming: [], outgoing: [] },
  '/api/me/blocked': { users: blocked },
})

it('WB64 a browser that has never been told shows whom one has blocked, by name', async () => {
  const mine = createPeople(serving(server([bob])), ada)
  expect(mine.standing(bob.id)).toBe('none')
  await mine.refresh()
  expect([mine.standing(bob.id), mine.standing(cleo.id)]).toEqual(['blocked', 'friend'])
  expect(mine.social().blocked).toEqual([bob.id])
  expect(mine.get(bob.id)).toEqual(bob)
})

it('WB64 what the socket tells is shown at once, and what the server says later is what counts', async () => {
  const answers = server([])
  const mine = createPeople(serving(answers), ada)
  mine.apply({ type: 'PersonBlocked', data: { from: ada.id, to: bob.id } })
  expect(mine.standing(bob.id)).toBe('blocked')
  answers['/api/me/blocked'].users = [bob]
  await mine.refresh()
  expect(mine.standing(bob.id)).toBe('blocked')
  // Lifted in another browser while this one was away.
  answers['/api/me/blocked'].users = []
  await mine.refresh()
  expect(mine.standing(bob.id)).toBe('none')
})
