import { accountRegistered, ada, bob, changeProfile, profileChanged, register } from '@verbatim/protocol/examples'
import { describe, it } from 'vitest'
import { digestOf, from, sentences } from '../given.ts'
import { account } from './decider.ts'

const given = sentences(account, undefined)

describe('an account', () => {
  it('AC1 begins when somebody signs in for the first time', () => given().when(register()).emits(accountRegistered()))
  it('AC1 begins once', () =>
    given(accountRegistered())
      .when(register({ name: 'Else' }))
      .doesNothing())
  it('AC2 takes another name', () => given(accountRegistered()).when(changeProfile()).emits(profileChanged()))
  it('AC2 takes a text about oneself and leaves the name', () => {
    const about = { type: 'ChangeProfile', id: changeProfile().id, about: 'Tea.' } as const
    given(accountRegistered())
      .when(about)
      .emits({ type: 'ProfileChanged', data: { user: ada, about: 'Tea.' } })
  })
  it('AC2 has no picture to take away', () =>
    given(accountRegistered()).when({ type: 'ChangeProfile', id: changeProfile().id, avatar: null }).doesNothing())
  it('AC3 is left as it is by the change that was made last', () =>
    given(accountRegistered(), { ...from(ada, profileChanged()), digest: digestOf(changeProfile()) })
      .when(changeProfile())
      .doesNothing())
  it('AC4 is not there for somebody who never registered', () =>
    given().when(changeProfile(), bob).refuses('not-found'))
})
