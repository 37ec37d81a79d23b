import { isUlid, type SessionId } from '@verbatim/protocol'
import { describe, expect, it } from 'vitest'
import { seeded } from './identity.rig.ts'
import { refreshTokens } from './refresh-tokens.ts'

const session = '01JSESS0000000000000000001' as SessionId
const tokens = refreshTokens(new Uint8Array(32).fill(1), seeded('tokens'))

describe('refresh tokens', () => {
  it('ID13 a token is known as one of its session', () => {
    const token = tokens.first(session)
    expect(tokens.sessionOf(token)).toBe(session)
    expect(tokens.first(session)).not.toBe(token)
  })
  it('ID14 has one successor, which is again a token of the session', () => {
    const token = tokens.first(session)
    const next = tokens.successorOf(session, token)
    expect(tokens.successorOf(session, token)).toBe(next)
    expect(tokens.sessionOf(next)).toBe(session)
    expect(tokens.successorOf(session, next)).not.toBe(token)
  })
  it('ID16 the successor needs the key of the server', () => {
    const others = refreshTokens(new Uint8Array(32).fill(2), seeded('tokens'))
    const token = tokens.first(session)
    expect(others.successorOf(session, token)).not.toBe(tokens.successorOf(session, token))
    expect(others.sessionOf(token)).toBeUndefined()
  })
  it('ID16 the hash tells nothing of the token', () => {
    const token = tokens.first(session)
    expect(tokens.hashOf(token)).toMatch(/^[\w-]{43}$/)
    expect(token).not.toContain(tokens.hashOf(token))
  })
  it('ID17 refuses every change of a single character', () => {
    const token = tokens.first(session)
    for (let i = 0; i < token.length; i++) {
      const changed = `${token.slice(0, i)}${token[i] === '1' ? '2' : '1'}${token.slice(i + 1)}`
      expect(tokens.sessionOf(changed)).toBeUndefined()
    }
  })
  it('ID17 refuses what has not the form of a token', () => {
    const token = tokens.first(session)
    const [id, secret, seal] = token.split('.')
    const hostile = [
      '',
      '.',
      '..',
      `${token}.`,
      ` ${token}`,
      `${token}\n`,
      `${id}.${secret}`,
      `${id}..${seal}`,
      token.repeat(1_000),
    ]
    for (const text of [
      ...hostile,
      `${id}.${secret}.${seal?.slice(1)}`,
      token.toLowerCase(),
      `${'U'.repeat(26)}.${secret}.${seal}`,
    ])
      expect(tokens.sessionOf(text)).toBeUndefined()
    expect(isUlid(id)).toBe(true)
  })
})
