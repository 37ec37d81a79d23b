import {
  ada,
  addMember,
  again,
  bob,
  changeRole,
  cleo,
  directOpened,
  eve,
  groupRenamed,
  groupStarted,
  leave,
  memberAdded,
  memberLeft,
  memberRemoved,
  messageSent,
  openDirect,
  removeMember,
  rename,
  roleChanged,
  startGroup,
} from '@verbatim/protocol/examples'
import { describe, it } from 'vitest'
import { digestOf, from, sentences } from '../given.ts'
import { conversation } from './decider.ts'
import type { ConversationFacts, PersonFact } from './facts.ts'

const anyone: PersonFact = { exists: true, friends: false, blocked: false, friendsOnly: false }
const facts: ConversationFacts = {
  blocked: false,
  groupMembers: 4,
  people: new Map([ada, bob, cleo, eve].map((user) => [user, anyone])),
  messages: new Map(),
  forwardable: false,
}
const given = sentences(conversation, facts)
const knowing = (user: typeof ada, fact: Partial<PersonFact>) => ({
  people: new Map(facts.people).set(user, { ...anyone, ...fact }),
})
const alone = groupStarted({ members: [ada] })

describe('a direct conversation', () => {
  it('CV1 is opened with anybody', () => given().when(openDirect()).emits(directOpened()))
  it('CV1 is the same whoever opens it', () =>
    given()
      .when(openDirect({ user: ada }), bob)
      .emits(directOpened()))
  it('CV1 is opened once', () =>
    given(directOpened())
      .when(openDirect({ user: ada }), bob)
      .doesNothing())
  it('CV1 is not had with oneself', () =>
    given()
      .when(openDirect({ user: ada }))
      .refuses('yourself'))
  it('CV1 is not had with nobody', () =>
    given()
      .knowing(knowing(bob, { exists: false }))
      .when(openDirect())
      .refuses('no-such-person'))
  it('CV2 is not opened behind a block', () => given().knowing({ blocked: true }).when(openDirect()).refuses('blocked'))
  it('CV2 that is there is not opened behind a block either', () =>
    given(directOpened()).knowing({ blocked: true }).when(openDirect()).refuses('blocked'))
  it('CV3 is not opened with who wants only friends', () =>
    given()
      .knowing(knowing(bob, { friendsOnly: true }))
      .when(openDirect())
      .refuses('friends-only'))
  it('CV3 is opened by a friend with who wants only friends', () =>
    given()
      .knowing(knowing(bob, { friendsOnly: true, friends: true }))
      .when(openDirect())
      .emits(directOpened()))
  it('CV3 that is there stays open with who wants only friends', () =>
    given(directOpened())
      .knowing(knowing(bob, { friendsOnly: true }))
      .when(openDirect())
      .doesNothing())
  it.each([rename(), addMember(), removeMember(), leave(), changeRole()])('CV7 has no $type', (command) => {
    given(directOpened()).when(command).refuses('not-a-group')
  })
})

describe('a group', () => {
  it('CV5 is started with its creator as the first member', () => given().when(startGroup()).emits(groupStarted()))
  it('CV5 is started with each member once', () =>
    given()
      .when(startGroup({ members: [bob, ada, cleo, bob] }))
      .emits(groupStarted()))
  it('CV5 may be started by one alone', () =>
    given()
      .when(startGroup({ members: [] }))
      .emits(alone))
  it('CV5 is started with the history that is asked for', () =>
    given()
      .when(startGroup({ history: 'since-joining' }))
      .emits(groupStarted({ history: 'since-joining' })))
  it('CV5 is not started under an id that is taken', () =>
    given(groupStarted()).when(startGroup(), eve).refuses('conversation-exists'))
  it('CV5 is not started with nobody', () =>
    given()
      .knowing(knowing(cleo, { exists: false }))
      .when(startGroup())
      .refuses('no-such-person'))
  it('CV2 is not started with a blocked person', () =>
    given()
      .knowing(knowing(cleo, { blocked: true }))
      .when(startGroup())
      .refuses('blocked'))
  it('CV3 is not started with who wants only friends', () =>
    given()
      .knowing(knowing(cleo, { friendsOnly: true }))
      .when(startGroup())
      .refuses('friends-only'))
  it('CV6 is started up to the limit', () =>
    given()
      .when(startGroup({ members: [bob, cleo, eve] }))
      .emits(groupStarted({ members: [ada, bob, cleo, eve] })))
  it('CV6 is not started past the limit', () =>
    given()
      .when(startGroup({ members: [bob, cleo, eve, again] }))
      .refuses('group-full'))
})

describe('a name', () => {
  it('CV8 is given by any member', () => given(groupStarted()).when(rename(), bob).emits(groupRenamed()))
  it('CV8 that was given last is left', () =>
    given(groupStarted(), { ...from(bob, groupRenamed()), digest: digestOf(rename()) })
      .when(rename())
      .doesNothing())
  it('CV4 is not given by an outsider', () => given(groupStarted()).when(rename(), eve).refuses('not-found'))
})

describe('members', () => {
  it('CV9 are added by any member', () => given(groupStarted()).when(addMember(), bob).emits(memberAdded()))
  it('CV9 are told how many messages were there before them', () =>
    given(groupStarted(), messageSent())
      .when(addMember())
      .emits(memberAdded({ n: 1 })))
  it('CV9 are added once', () => given(groupStarted(), memberAdded()).when(addMember()).doesNothing())
  it('CV9 are not nobody', () =>
    given(groupStarted())
      .knowing(knowing(eve, { exists: false }))
      .when(addMember())
      .refuses('no-such-person'))
  it('CV4 do not add themselves', () => given(groupStarted()).when(addMember(), eve).refuses('not-found'))
  it('CV2 are not added by who blocks them or is blocked', () =>
    given(groupStarted())
      .knowing(knowing(eve, { blocked: true }))
      .when(addMember())
      .refuses('blocked'))
  it('CV3 who want only friends are not added by others', () =>
    given(groupStarted())
      .knowing(knowing(eve, { friendsOnly: true }))
      .when(addMember())
      .refuses('friends-only'))
  it('CV6 are as many as the limit says', () =>
    given(groupStarted(), memberAdded())
      .when(addMember({ user: again }))
      .refuses('group-full'))
  it('CV10 are removed by an admin', () => given(groupStarted()).when(removeMember()).emits(memberRemoved()))
  it('CV10 are removed once', () => given(groupStarted(), memberRemoved()).when(removeMember()).doesNothing())
  it('CV10 are not removed by others', () =>
    given(groupStarted())
      .when(removeMember({ user: cleo }), bob)
      .refuses('not-allowed'))
  it('CV10 who remove themselves leave', () => given(groupStarted()).when(removeMember(), bob).emits(memberLeft()))
  it('CV11 leave', () => given(groupStarted()).when(leave(), bob).emits(memberLeft()))
  it('CV11 have left once', () =>
    given(groupStarted(), from(bob, memberLeft())).when(leave(), bob).refuses('not-found'))
  it('CV12 do not leave a group without an admin', () => given(groupStarted()).when(leave()).refuses('last-admin'))
  it('CV12 leave after naming a successor', () =>
    given(groupStarted(), roleChanged())
      .when(leave())
      .emits(memberLeft({ user: ada })))
  it('CV12 leave as the last one', () =>
    given(alone)
      .when(leave())
      .emits(memberLeft({ user: ada })))
  it('CV12 who come back are no admins', () =>
    given(groupStarted(), roleChanged(), memberLeft({ user: ada }), from(bob, memberAdded({ user: ada })))
      .when(removeMember({ user: cleo }))
      .refuses('not-allowed'))
})

describe('a role', () => {
  it('CV13 is changed by an admin', () => given(groupStarted()).when(changeRole()).emits(roleChanged()))
  it('CV13 that one has is left', () => given(groupStarted(), roleChanged()).when(changeRole()).doesNothing())
  it('CV13 is not changed by others', () => given(groupStarted()).when(changeRole(), bob).refuses('not-allowed'))
  it('CV13 is not had by who is no member', () =>
    given(groupStarted())
      .when(changeRole({ user: eve }))
      .refuses('no-such-member'))
  it('CV4 is not changed by an outsider', () => given(groupStarted()).when(changeRole(), eve).refuses('not-found'))
  it('CV12 of the last admin stays', () =>
    given(groupStarted())
      .when(changeRole({ user: ada, role: 'member' }))
      .refuses('last-admin'))
  it('CV12 of the last admin stays also when he is alone', () =>
    given(alone)
      .when(changeRole({ user: ada, role: 'member' }))
      .refuses('last-admin'))
  it('CV12 of one of two admins is given up', () =>
    given(groupStarted(), roleChanged())
      .when(changeRole({ user: ada, role: 'member' }))
      .emits(roleChanged({ user: ada, role: 'member' })))
})
