import { ada, bob, cleo, eve, hello } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { fakeConversation } from '../timeline/conversation.rig.ts'
import { applyToDetails, type Details, roleOf } from './details.ts'

const tea: Details = {
  kind: 'group',
  name: 'Tea',
  history: 'whole',
  revision: 0,
  members: [
    { id: ada, role: 'admin' },
    { id: bob, role: 'member' },
    { id: cleo, role: 'member' },
  ],
  pins: [],
}

describe('the details of a group', () => {
  it('WB65 follow names, members, roles and pins, each event once', () => {
    const fake = fakeConversation()
    const events = [
      fake.happen(ada, { type: 'GroupRenamed', data: { name: 'Tea at four' } }),
      fake.happen(ada, { type: 'MemberAdded', data: { user: eve, n: 0 } }),
      fake.happen(ada, { type: 'RoleChanged', data: { user: bob, role: 'admin' } }),
      fake.happen(ada, { type: 'MemberRemoved', data: { user: cleo } }),
      fake.happen(bob, { type: 'MessagePinned', data: { message: hello } }),
    ]
    const twice = events.flatMap((event) => [event, event])
    const after = twice.reduce(applyToDetails, tea)
    expect(after).toEqual({
      ...tea,
      name: 'Tea at four',
      revision: 5,
      members: [
        { id: ada, role: 'admin' },
        { id: bob, role: 'admin' },
        { id: eve, role: 'member' },
      ],
      pins: [hello],
    })
    expect(roleOf(after, cleo)).toBeUndefined()
    const unpinned = fake.happen(bob, { type: 'MessageUnpinned', data: { message: hello } })
    expect(applyToDetails(after, unpinned).pins).toEqual([])
  })

  it('WB66 are not changed by what happened before they were read', () => {
    const fake = fakeConversation()
    const old = fake.happen(ada, { type: 'GroupRenamed', data: { name: 'Old' } })
    expect(applyToDetails({ ...tea, revision: 4 }, old)).toEqual({ ...tea, revision: 4 })
  })
})
