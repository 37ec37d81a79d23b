import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSettings, settingsTable, WrongSettings } from './settings.ts'

describe('Settings', () => {
  it('OP30 with nothing set, everything has its documented default', () => {
    expect(readSettings({})).toEqual({
      PORT: 8080,
      HOST: '0.0.0.0',
      DATA: './data',
      PUBLIC_URL: undefined,
      ALLOWED_ORIGINS: [],
      TRUST_PROXY: false,
      LIMITS: true,
      GROUP_MEMBERS: 250,
      SOCKETS: 'auto',
      METRICS_TOKEN: undefined,
      LOG_LEVEL: 'info',
      OIDC: [],
    })
  })

  it('OP30 reads what is set, and takes an address without its path', () => {
    const settings = readSettings({
      PORT: '0',
      LIMITS: 'off',
      PUBLIC_URL: 'https://chat.example.org/',
      ALLOWED_ORIGINS: 'https://a.example, https://b.example',
    })
    expect(settings).toMatchObject({
      PORT: 0,
      LIMITS: false,
      PUBLIC_URL: 'https://chat.example.org',
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
    })
  })

  it('OP31 every mistake is told at once, with what to write instead', () => {
    const wrong = {
      PORT: '80800',
      LIMITS: 'no',
      PUBLIC_URL: 'chat.example.org',
      GROUP_MEMBERS: '1',
      SOCKETS: 'tcp',
      ALLOWED_ORIGINS: 'https://a.example/path',
    }
    const mistakes = mistakesOf(wrong)
    expect(mistakes).toHaveLength(6)
    expect(mistakes).toContain('PORT=80800: write a number from 0 to 65535')
    expect(mistakes).toContain('LIMITS=no: write on or off')
  })

  it('OP32 the table of the README is the one that the code prints', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    expect(readme).toContain(settingsTable())
  })
})

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(environment)
  } catch (error) {
    if (error instanceof WrongSettings) return error.mistakes
    throw error
  }
  return []
}
