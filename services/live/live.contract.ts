import { tea } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import type { Live, LiveMessage } from './port.ts'

const message = (position: number): LiveMessage => ({
  kind: 'aside',
  conversation: tea,
  position,
  frame: `frame ${position}`,
})
const settled = () => new Promise((resolve) => setTimeout(resolve, 10))

/** Every adapter of LIVE passes it. */
export const describeLive = (adapter: string, open: () => Live) =>
  describe(`Live on ${adapter}`, () => {
    it('OP38 every follower gets what is published after it began, in order', async () => {
      const live = open()
      const seen: [string, LiveMessage][] = []
      live.publish(message(1))
      live.follow((heard) => seen.push(['first', heard]))
      live.publish(message(2))
      live.follow((heard) => seen.push(['second', heard]))
      live.publish(message(3))
      await settled()
      expect(seen.filter(([who]) => who === 'first').map(([, heard]) => heard)).toEqual([message(2), message(3)])
      expect(seen.filter(([who]) => who === 'second').map(([, heard]) => heard)).toEqual([message(3)])
    })

    it('OP38 who stopped following gets nothing more', async () => {
      const live = open()
      const seen: LiveMessage[] = []
      const stop = live.follow((heard) => seen.push(heard))
      live.publish(message(1))
      await settled()
      stop()
      live.publish(message(2))
      await settled()
      expect(seen).toEqual([message(1)])
    })
  })
