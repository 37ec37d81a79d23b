import { execFile } from 'node:child_process'
import { builtWith } from '../planted/built-with.ts'
import type { Ran, Wanted } from './main.ts'
import type { Mistake } from './mistakes.ts'

/** Runs seeds in a process of their own, with a mistake in the source or without one. */
export const running = <T>(mistake: Mistake, work: (run: (wanted: Wanted) => Promise<Ran>) => Promise<T>): Promise<T> =>
  builtWith(mistake, (main) => work((wanted) => ranIn(main, wanted)), { main: 'ops/faults/simulation/main.ts' })

export const noMistake: Mistake = { name: 'none', changes: [] }

const ranIn = (main: string, wanted: Wanted): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const asked = ['--enable-source-maps', main, JSON.stringify(wanted)]
    execFile(process.execPath, asked, { maxBuffer: 1e9 }, (error, out, err) => {
      const lines = out.trimEnd().split('\n')
      if (error) return reject(new Error(`the simulation broke off: ${err.slice(0, 5_000)}`, { cause: error }))
      if (wanted.aloud) console.log(lines.slice(0, -1).join('\n'))
      resolve(JSON.parse(lines.at(-1) ?? ''))
    })
  })
