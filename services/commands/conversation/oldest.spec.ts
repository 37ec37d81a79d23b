import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dropOldest } from './oldest.ts'

it('CV30 drops what was put in first, whatever was put in, taken out and put in again meanwhile', () => {
  const step = fc.record({ what: fc.constantFrom('put', 'take', 'drop'), key: fc.integer({ min: 0, max: 9 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const map = new Map<number, string>()
      const model: number[] = []
      for (const { what, key } of steps) {
        const at = model.indexOf(key)
        if (what === 'put') {
          map.set(key, '')
          if (at < 0) model.push(key)
        } else if (what === 'take') {
          map.delete(key)
          if (at >= 0) model.splice(at, 1)
        } else expect(dropOldest(map)?.[0]).toBe(model.shift())
        expect([...map.keys()]).toEqual(model)
      }
    }),
    { seed: 1, numRuns: 500 },
  )
})
