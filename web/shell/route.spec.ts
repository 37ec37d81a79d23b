import { idAt, tea } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { parseRoute, type Route, writeRoute } from './route.ts'

describe('the place in the app', () => {
  it('WB75 is written into the address and read back the same', () => {
    const places: Route[] = [
      { panel: 'chats', details: false },
      { conversation: tea, panel: 'chats', details: true },
      { conversation: tea, panel: 'settings', details: false },
      { conversation: tea, message: idAt(7), panel: 'chats', details: true },
      { panel: 'people', details: false },
    ]
    for (const place of places) expect(parseRoute(writeRoute(place))).toEqual(place)
  })

  it('WB76 falls back to the list when the address makes no sense', () => {
    for (const hash of ['', '#', '#c=../../x&panel=evil', '#%%%', `#m=${idAt(7)}`])
      expect(parseRoute(hash)).toEqual({ panel: 'chats', details: false })
  })
})
