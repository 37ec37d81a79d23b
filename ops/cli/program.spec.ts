import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { runHere } from './cli.rig.ts'
import { wordsOf } from './commands/completion.ts'
import { completionFor } from './completion.ts'
import { exits } from './failure.ts'
import { momentOf, numberFrom } from './times.ts'

const helpOf = async (...words: string[]): Promise<string> => {
  const notes: string[] = []
  await runHere('/nowhere', [...words, '--help'], {}, notes).catch((error: unknown) => {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error
  })
  return notes.join('')
}
const below = async (...words: string[]): Promise<string[]> =>
  [...(await helpOf(...words)).matchAll(/^ {2}([a-z-]+) .*/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'help')

describe('the command line', () => {
  it('OP50 every command has a help with an example of itself and its exit codes', async () => {
    const commands = await below()
    expect(commands).toEqual(
      expect.arrayContaining([
        'status',
        'replay',
        'verify',
        'dead-letters',
        'backup',
        'restore',
        'user',
        'doctor',
        'completion',
      ]),
    )
    for (const name of commands) {
      const inner = name === 'dead-letters' || name === 'user' ? await below(name) : []
      if (inner.length > 0) expect(await helpOf(name)).toMatch(new RegExp(`npx verbatim ${name} [a-z]`))
      for (const words of inner.length > 0 ? inner.map((one) => [name, one]) : [[name]]) {
        const help = await helpOf(...words)
        expect(help).toContain(`$ npx verbatim ${words.join(' ')}`)
        expect(help).toContain('--json')
        for (const code of Object.values(exits)) expect(help).toMatch(new RegExp(`^ {2}${code} {2}\\S`, 'm'))
      }
    }
  })

  it('OP50 every command stands on the page for operators', async () => {
    const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8')
    for (const name of await below()) {
      const inner = name === 'dead-letters' || name === 'user' ? await below(name) : []
      for (const words of inner.length > 0 ? inner.map((one) => `${name} ${one}`) : [name])
        expect(page).toContain(`npx verbatim ${words}`)
    }
  })

  it.each([
    ['nonsense'],
    ['status', '--loud'],
    ['replay', '--type', 'Sung'],
    ['replay', '--limit', '0'],
    ['replay', '--since', 'soon'],
  ])('OP50 %s %s is refused as wrong usage', async (...words) => {
    const notes: string[] = []
    await expect(runHere('/nowhere', words, {}, notes)).rejects.toBeInstanceOf(CommanderError)
    expect(notes.join('')).toContain('error: ')
  })

  it('OP50 a moment is a time or as long ago, a number is whole', () => {
    const at = momentOf(() => Date.UTC(2026, 0, 2))
    expect(at('2026-01-01T12:00:00Z')).toBe(Date.UTC(2026, 0, 1, 12))
    expect(['90s', '90m', '2h', '1d'].map((ago) => Date.UTC(2026, 0, 2) - at(ago))).toEqual([
      90_000, 5_400_000, 7_200_000, 86_400_000,
    ])
    for (const wrong of ['', 'soon', '5', '-1h', '2026-13-01']) expect(() => at(wrong)).toThrow('write a time')
    expect(numberFrom(1)('12')).toBe(12)
    for (const wrong of ['0', '-1', '1.5', '1e3', '']) expect(() => numberFrom(1)(wrong)).toThrow('from 1')
  })

  it('OP50 completion knows every command and option, in each shell', async () => {
    let made: Command | undefined
    await runHere('/nowhere', ['completion', 'bash'], {}, [], (program) => {
      made = program
    })
    if (!made) throw new Error('there is no program')
    const words = wordsOf(made)
    expect(words.get('')).toContain('dead-letters')
    expect(words.get('dead-letters')).toEqual(['list', 'show', 'retry', 'drop', '--help'])
    expect(words.get('replay')).toContain('--rehearse')
    expect(words.get('completion')).toContain('fish')
    expect(completionFor('bash', words)).toContain(
      "'dead-letters drop' | 'dead-letters drop '*) next='--json --reason --help'",
    )
    expect(completionFor('zsh', words)).toContain('bashcompinit')
    expect(completionFor('fish', words)).toContain(
      "complete -c verbatim -n '__fish_seen_subcommand_from replay' -l rehearse",
    )
  })
})
