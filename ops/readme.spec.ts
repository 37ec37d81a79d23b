import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../', import.meta.url)

describe('README', () => {
  it.each(['README.md', 'ops/EVIDENCE.md'])('OP35 every file that %s names exists', (page) => {
    const text = readFileSync(new URL(page, root), 'utf8')
    const named = [
      ...text.matchAll(/`([a-z-]+\/[a-z0-9/.-]+\.(?:ts|tsx|md|mjs))`|\]\(([a-z0-9/.-]+\.(?:png|md))\)/gi),
    ].map(([, code, link]) => code ?? link ?? '')
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((file) => !existsSync(new URL(file, root)))).toEqual([])
  })

  it('OP35 the two commands that it promises are scripts of the package', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
    for (const script of ['start', 'test', 'check', 'build', 'bench', 'prepare']) expect(scripts).toHaveProperty(script)
  })
})
