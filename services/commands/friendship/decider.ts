import {
  type Asked,
  accept,
  type Command,
  type Decider,
  type FriendshipEvent,
  nothingToDo,
  type Outcome,
  refuse,
  type UserId,
} from '@verbatim/protocol'

/** What is between two people. Either may block the other, both at once too. */
export type Friendship = {
  readonly friends: boolean
  /** Who has asked and waits for an answer. */
  readonly asking?: UserId
  /** The last request that was taken back or declined, and by whom: to do that twice is no mistake. */
  readonly closed?: { readonly asked: UserId; readonly by: UserId }
  readonly blockers: readonly UserId[]
}
export type FriendshipCommand = Command<
  'RequestFriend' | 'CancelRequest' | 'AcceptFriend' | 'DeclineRequest' | 'Unfriend' | 'Block' | 'Unblock'
>
/** `exists`: the other person has an account. */
export type FriendshipFacts = { readonly exists: boolean }
type Ask = Asked<FriendshipCommand>
type Decision = Outcome<FriendshipEvent>

export const friendship: Decider<Friendship, FriendshipCommand, FriendshipEvent, FriendshipFacts> = {
  initial: { friends: false, blockers: [] },
  decide(command, state, facts) {
    if (command.user === command.by) return refuse('yourself')
    switch (command.type) {
      case 'RequestFriend':
        return request(command, state, facts)
      case 'CancelRequest':
        return cancel(command, state)
      case 'AcceptFriend':
        return acceptFriend(command, state)
      case 'DeclineRequest':
        return decline(command, state)
      case 'Unfriend':
        return state.friends ? accept(removed(command)) : nothingToDo
      case 'Block':
        return block(command, state, facts)
      case 'Unblock':
        return state.blockers.includes(command.by)
          ? accept({ type: 'PersonUnblocked', data: { from: command.by, to: command.user } })
          : nothingToDo
    }
  },
  evolve(state, event) {
    const { blockers } = state
    const { from } = event.data
    switch (event.type) {
      case 'FriendRequested':
        return { friends: false, asking: from, blockers }
      case 'RequestCancelled':
      case 'RequestDeclined':
        return { friends: false, closed: { asked: from, by: event.by }, blockers }
      case 'FriendAccepted':
        return { friends: true, blockers }
      case 'FriendRemoved':
        return { friends: false, blockers }
      case 'PersonBlocked':
        return { friends: false, blockers: [...blockers.filter((who) => who !== from), from] }
      case 'PersonUnblocked':
        return { ...state, blockers: blockers.filter((who) => who !== from) }
    }
  },
}

const request = ({ by, user }: Ask, state: Friendship, facts: FriendshipFacts): Decision => {
  if (!facts.exists) return refuse('no-such-person')
  if (state.blockers.length > 0) return refuse('blocked')
  if (state.friends) return refuse('already-friends')
  if (state.asking === by) return nothingToDo
  // Both asked: neither has to answer any more.
  if (state.asking === user) return accept({ type: 'FriendAccepted', data: { from: user, to: by } })
  return accept({ type: 'FriendRequested', data: { from: by, to: user } })
}

const cancel = ({ by, user }: Ask, state: Friendship): Decision => {
  if (state.asking === by) return accept({ type: 'RequestCancelled', data: { from: by, to: user } })
  return state.closed?.asked === by && state.closed.by === by ? nothingToDo : refuse('no-request')
}

const acceptFriend = ({ by, user }: Ask, state: Friendship): Decision => {
  if (state.friends) return nothingToDo
  if (state.asking !== user) return refuse('no-request')
  return accept({ type: 'FriendAccepted', data: { from: user, to: by } })
}

const decline = ({ by, user }: Ask, state: Friendship): Decision => {
  if (state.asking === user) return accept({ type: 'RequestDeclined', data: { from: user, to: by } })
  return state.closed?.asked === user && state.closed.by === by ? nothingToDo : refuse('no-request')
}

/** The ends of friendship and requests are events of their own: no reader has to know what a block implies. */
const block = (command: Ask, state: Friendship, facts: FriendshipFacts): Decision => {
  const { by, user } = command
  if (!facts.exists) return refuse('no-such-person')
  if (state.blockers.includes(by)) return nothingToDo
  const blocked = { type: 'PersonBlocked', data: { from: by, to: user } } as const
  if (state.friends) return accept<FriendshipEvent>(removed(command), blocked)
  if (state.asking === by)
    return accept<FriendshipEvent>({ type: 'RequestCancelled', data: { from: by, to: user } }, blocked)
  if (state.asking === user)
    return accept<FriendshipEvent>({ type: 'RequestDeclined', data: { from: user, to: by } }, blocked)
  return accept<FriendshipEvent>(blocked)
}

const removed = ({ by, user }: Ask): FriendshipEvent => ({ type: 'FriendRemoved', data: { from: by, to: user } })
