import { expect, it } from 'vitest'
import * as addresses from './addresses.ts'
import { ada, adaAndBob, tea } from './examples.ts'

const { categoryOf, idOf, isCompacted } = addresses

it('PR4 names every stream by its category and ids', () => {
  expect(addresses.accountStream(ada)).toBe(`account-${ada}`)
  expect(addresses.friendshipStream(adaAndBob)).toBe(`friendship-${adaAndBob}`)
  expect(addresses.conversationStream(tea)).toBe(`conversation-${tea}`)
  expect(addresses.preferencesStream(ada)).toBe(`preferences-${ada}`)
  expect(addresses.readingStream(tea, ada)).toBe(`reading-${tea}_${ada}`)
  expect(addresses.snapshotStream(addresses.conversationStream(tea))).toBe(`snapshot-conversation_${tea}`)
})

it('PR4 reads category and id back, with one dash in each name', () => {
  const stream = addresses.readingStream(tea, ada)
  expect(categoryOf(stream)).toBe('reading')
  expect(idOf(stream)).toBe(`${tea}_${ada}`)
  const snapshot = addresses.snapshotStream(stream)
  expect(categoryOf(snapshot)).toBe('snapshot')
  expect(idOf(snapshot)).toBe(`reading_${tea}_${ada}`)
})

it('PR4 compacts readings and snapshots, and nothing that tells a story', () => {
  const conversation = addresses.conversationStream(tea)
  expect([addresses.readingStream(tea, ada), addresses.snapshotStream(conversation)].map(isCompacted)).toEqual([
    true,
    true,
  ])
  const kept = [
    conversation,
    addresses.accountStream(ada),
    addresses.friendshipStream(adaAndBob),
    addresses.preferencesStream(ada),
  ]
  expect(kept.map(isCompacted)).toEqual([false, false, false, false])
})

it('PR4 tells the topics of conversations from those of people', () => {
  expect(addresses.conversationTopic(tea)).toBe(`c/${tea}`)
  expect(addresses.userTopic(ada)).toBe(`u/${ada}`)
})
