import { describe, expect, it } from 'vitest'
import { readSettings, WrongSettings } from './settings.ts'

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(environment)
  } catch (error) {
    if (error instanceof WrongSettings) return error.mistakes
    throw error
  }
  return []
}

describe('Misspelt settings', () => {
  it.each([
    ['GROUP_MEMBER', 'GROUP_MEMBERS'],
    ['LIMIT', 'LIMITS'],
    ['LIMTIS', 'LIMITS'],
    ['limits', 'LIMITS'],
    ['PUBLIC_URI', 'PUBLIC_URL'],
    ['PUBLICURL', 'PUBLIC_URL'],
    ['LOG_LEVLE', 'LOG_LEVEL'],
    ['ALLOWED_ORIGN', 'ALLOWED_ORIGINS'],
    ['METRIC_TOKEN', 'METRICS_TOKEN'],
    ['TRUSTPROXY', 'TRUST_PROXY'],
    ['SOCKET', 'SOCKETS'],
    ['PROT', 'PORT'],
    ['HOSTS', 'HOST'],
  ])('OP76 %s is told to mean %s, without what is set', (variable, meant) => {
    expect(mistakesOf({ [variable]: 'something secret' })).toEqual([
      `${variable}: there is no such setting; write ${meant}`,
    ])
  })

  it('OP76 is told together with all other mistakes', () => {
    expect(mistakesOf({ LIMIT: 'off', PORT: 'x' })).toHaveLength(2)
  })

  it('OP76 what other programs are told passes', () => {
    const foreign = ['PATH', 'HOME', 'POST', 'HOSTNAME', 'HOSTTYPE', 'DATE', 'PWD', 'OLDPWD', 'LANG', 'SHLVL', 'TERM']
    const more = [
      'REPORT',
      'SUPPORT',
      'XPORT',
      'SORT',
      'DB_HOST',
      'REDIS_PORT',
      'METADATA',
      'NODE_ENV',
      'FAULTS_MAIN',
      '',
    ]
    expect(mistakesOf(Object.fromEntries([...foreign, ...more].map((name) => [name, 'x'])))).toEqual([])
  })
})

describe('The token for figures', () => {
  it('OP72 is long enough and fits a header, or the mistake is told without it', () => {
    expect(readSettings({ METRICS_TOKEN: '0123456789abcdef' }).METRICS_TOKEN).toBe('0123456789abcdef')
    for (const token of ['short', 'with spaces in between', `${'x'.repeat(513)}`]) {
      const [mistake, ...others] = mistakesOf({ METRICS_TOKEN: token })
      expect(others).toEqual([])
      expect(mistake).toMatch(/^METRICS_TOKEN: write 16 to 512/)
      expect(mistake).not.toContain(token)
    }
  })
})
