import type { Person, UserId } from '@verbatim/protocol'
import { createSignal } from 'solid-js'
import type { Api } from '../session/api.ts'
import { applyToSocial, type FriendshipHappened, noSocial, type Social, standing } from './social.ts'

export type People = ReturnType<typeof createPeople>

/** Everybody whom the client has heard of, and how one stands to them. */
export const createPeople = (api: Api, me: Person) => {
  const [known, setKnown] = createSignal<ReadonlyMap<UserId, Person>>(new Map([[me.id, me]]))
  const [social, setSocial] = createSignal<Social>(noSocial())
  const asked = new Set<UserId>()

  const learn = (people: readonly Person[]): void => {
    if (people.length > 0) setKnown((before) => new Map([...before, ...people.map((one) => [one.id, one] as const)]))
  }
  /** Asks once for somebody whom only an id tells of. */
  const ask = (user: UserId): void => {
    if (asked.has(user) || known().has(user)) return
    asked.add(user)
    api
      .get<Person | { user: Person }>(`/api/users/${user}`)
      .then((answer) => learn(['user' in answer ? answer.user : answer]))
      .catch(() => asked.delete(user))
  }

  return {
    learn,
    social,
    get: (user: UserId): Person | undefined => {
      const person = known().get(user)
      if (person === undefined) queueMicrotask(() => ask(user))
      return person
    },
    standing: (user: UserId) => standing(social(), user),
    refresh: async (): Promise<void> => {
      const [{ friends }, { incoming, outgoing }, { users: blocked }] = await Promise.all([
        api.get<{ friends: Person[] }>('/api/me/friends'),
        api.get<{ incoming: Person[]; outgoing: Person[] }>('/api/me/friends/request'),
        api.get<{ users: Person[] }>('/api/me/blocked'),
      ])
      learn([...friends, ...incoming, ...outgoing, ...blocked])
      const ids = (people: Person[]) => people.map(({ id }) => id)
      setSocial({ friends: ids(friends), incoming: ids(incoming), outgoing: ids(outgoing), blocked: ids(blocked) })
    },
    apply: (event: FriendshipHappened): void => {
      setSocial((before) => applyToSocial(before, event, me.id))
    },
    find: async (query: string): Promise<Person[]> => {
      const { users } = await api.get<{ users: Person[] }>(`/api/users?query=${encodeURIComponent(query)}`)
      learn(users)
      return users
    },
  }
}

/** What a person without a name is called: the account was erased, or its name is on its way. */
export const nameOf = (person: Person | undefined): string =>
  person === undefined ? '…' : (person.name ?? 'Erased account')
