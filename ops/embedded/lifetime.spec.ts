import { describe, expect, it } from 'vitest'
import { lifetime } from './lifetime.ts'

describe('Lifetime', () => {
  it('OP33 closes in the reverse order of opening, each after the one before it', async () => {
    const closed: string[] = []
    const life = lifetime(() => undefined)
    for (const name of ['lock', 'log', 'gateway'])
      life.add(name, async () => {
        await Promise.resolve()
        closed.push(name)
      })
    await life.end()
    expect(closed).toEqual(['gateway', 'log', 'lock'])
  })

  it('OP33 a part that cannot be closed is told, and the others still get their turn', async () => {
    const told: string[] = []
    const closed: string[] = []
    const life = lifetime((name) => told.push(name))
    life.add('lock', () => closed.push('lock'))
    life.add('log', () => Promise.reject(new Error('no answer')))
    await life.end()
    expect({ told, closed }).toEqual({ told: ['log'], closed: ['lock'] })
  })

  it('OP33 ending twice closes once', async () => {
    let closed = 0
    const life = lifetime(() => undefined)
    life.add('lock', () => closed++)
    await Promise.all([life.end(), life.end()])
    expect(closed).toBe(1)
  })
})
