import {
  conversationPreferencesSet,
  preferencesSet,
  setConversationPreferences,
  setPreferences,
  tea,
} from '@verbatim/protocol/examples'
import { describe, it } from 'vitest'
import { sentences } from '../given.ts'
import { preferences } from './decider.ts'

const given = sentences(preferences, { member: true })

describe('preferences', () => {
  it('PF1 are set', () => given().when(setPreferences()).emits(preferencesSet()))
  it('PF1 are set by what differs', () =>
    given(preferencesSet())
      .when(setPreferences({ contact: 'friends', doNotDisturb: true }))
      .emits({ type: 'PreferencesSet', data: { doNotDisturb: true } }))
  it('PF2 that are so already are left', () => given(preferencesSet()).when(setPreferences()).doesNothing())
  it('PF2 that are so from the start are left', () =>
    given()
      .when(setPreferences({ contact: 'everyone', hideContent: false }))
      .doesNothing())
  it('PF3 are set for a conversation', () =>
    given().when(setConversationPreferences()).emits(conversationPreferencesSet()))
  it('PF3 that a conversation has already are left', () =>
    given(conversationPreferencesSet()).when(setConversationPreferences()).doesNothing())
  it('PF3 end a mute by null', () =>
    given(conversationPreferencesSet({ mutedUntil: '2025-01-02T00:00:00.000Z' }))
      .when(setConversationPreferences({ mutedUntil: null }))
      .emits({ type: 'ConversationPreferencesSet', data: { conversation: tea, mutedUntil: null } }))
  it('PF4 are refused for a conversation that one is not in', () =>
    given().knowing({ member: false }).when(setConversationPreferences()).refuses('not-found'))
})
