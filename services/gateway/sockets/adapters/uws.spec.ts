import { expect, it } from 'vitest'
import { openSockets } from '../open-sockets.ts'
import { describeSockets } from '../sockets.contract.ts'
import { uwsSockets } from './uws.ts'

// On a Node without a native build the stand-in is taken, and has run the contract already.
if (openSockets('auto').name === 'uWebSockets.js') describeSockets('uWebSockets.js', uwsSockets)

it('GW29 takes the native build where it loads and else the stand-in, and says which.', () => {
  expect(openSockets('ws').name).toBe('ws')
  expect(['uWebSockets.js', 'ws']).toContain(openSockets('auto').name)
})
