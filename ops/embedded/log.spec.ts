import { describe, expect, it, vi } from 'vitest'
import { logTo } from './log.ts'

const written = (say: (log: ReturnType<typeof logTo>) => void, level = 'info') => {
  const lines: string[] = []
  say(logTo(level, { write: (line) => lines.push(line) }))
  return lines
}
const thrownBy = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('The log', () => {
  it('OP74 cuts out by its name what could be a secret or somebody’s words, down to the third level', () => {
    const secret = {
      token: 'canary',
      password: 'canary',
      cookie: 'canary',
      body: { text: 'canary' },
      headers: ['canary'],
    }
    const [line = ''] = written((log) => log.info({ ...secret, a: { ...secret, b: secret } }, 'a text'))
    expect(line).not.toContain('canary')
    expect(JSON.parse(line)).toMatchObject({ msg: 'a text', token: '[cut]', a: { b: { password: '[cut]' } } })
  })

  it('OP74 says of an error what it is and where, and nothing that the engine quotes from what it was given', () => {
    for (const work of [
      () => JSON.parse('{"text": canary}'),
      () => JSON.parse('canary'),
      () => JSON.parse('{"password":"canary"'),
      () => new URL('canary'),
      () => {
        throw Object.assign(new Error('refused'), {
          input: 'canary',
          headers: { cookie: 'canary' },
          issues: ['canary'],
        })
      },
      () => {
        throw 'canary'
      },
    ]) {
      const err = thrownBy(work)
      const [line = ''] = written((log) => log.error({ err }, 'it failed'))
      expect(line).not.toContain('canary')
      const [wrapped = ''] = written((log) => log.error({ err: new Error('outer', { cause: err }) }, 'it failed'))
      expect(wrapped).not.toContain('canary')
      expect(wrapped).toContain('outer')
    }
  })

  it('OP74 keeps what an operator needs: the message, the code, the place and the cause', () => {
    const cause = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    const err = Object.assign(new Error('nothing was written', { cause }), { written: 'no', diskFull: true })
    const [line = ''] = written((log) => log.error({ err }, 'it failed'))
    expect(JSON.parse(line).err).toMatchObject({
      type: 'Error',
      message: 'nothing was written',
      written: 'no',
      diskFull: true,
      stack: expect.stringMatching(/^nothing was written\n {4}at .*log\.spec\.ts/),
      cause: { message: 'database or disk is full', code: 'SQLITE_FULL' },
    })
  })

  it('OP74 says what came as a plain object out of another thread, where drivers have their own class of errors', () => {
    const err = { code: 'SQLITE_ERROR', message: 'no such table: events', sql: 'canary' }
    const [line = ''] = written((log) => log.error({ err }, 'it failed'))
    expect(JSON.parse(line).err).toEqual({ type: 'Error', message: 'no such table: events', code: 'SQLITE_ERROR' })
  })

  it('OP80 says the same text at most twenty times a second, and then how often it was left out', () => {
    vi.useFakeTimers()
    const lines: string[] = []
    const log = logTo('info', { write: (line) => lines.push(line) })
    for (let n = 0; n < 50; n++) log.warn({ n }, 'it failed')
    log.error({}, 'something else')
    expect(lines).toHaveLength(21)
    vi.advanceTimersByTime(1_000)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 40, msg: 'it failed', leftOut: 30 })
    log.warn({ n: 50 }, 'it failed')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ n: 50 })
    vi.advanceTimersByTime(5_000)
    expect(lines).toHaveLength(23)
    vi.useRealTimers()
  })

  it('OP74 is silent below its level', () => {
    expect(written((log) => log.info({}, 'a text'), 'warn')).toEqual([])
  })
})
