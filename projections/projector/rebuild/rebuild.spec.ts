import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { conversationStream, groupId } from '@verbatim/protocol'
import { idAt, tea } from '@verbatim/protocol/examples'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { modelVersion } from '../adapters/sqlite-file.ts'
import { generationFile, servingFile, servingOf } from './generations.ts'
import type { Rebuilt } from './port.ts'
import { compactingLog, contentOf, freshFolder, type Log, spoken, started } from './rebuild.examples.ts'
import { dropOld, fillFirst, rebuild, rollBack } from './rebuild.ts'

type Running = Awaited<ReturnType<typeof started>>
const quietly: Parameters<typeof rebuild>[2] = { acceptDifferences: false, tell: () => undefined }
const rebuilt = async ({ parts, projection }: Running, options = quietly): Promise<Rebuilt> => {
  const [one] = await rebuild(parts, [projection], options)
  if (!one) throw new Error('nothing was rebuilt')
  return one
}
const filled = (events: number): Log => {
  const log = compactingLog()
  for (let n = 1; n <= events; n++)
    if (n % 5 === 0) log.mark(n % 2 ? tea : groupId(idAt(9)))
    else log.say(`text ${n}`, n % 3 ? tea : groupId(idAt(9)))
  return log
}
const spoil = (file: string, sql: string): void => {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}
const everything = async (folder: string, log: Log): Promise<string> => {
  const running = await started(folder, log)
  await running.reached()
  await running.stop()
  return (await contentOf(servingFile(folder, spoken()))).hash
}

describe('A rebuild', () => {
  it('PJ17 fills a new model, finds that both say the same at one position, and lets the new one serve', async () => {
    const [folder, log] = [freshFolder(), filled(40)]
    const running = await started(folder, log)
    await running.reached()
    const phases: string[] = []
    const { comparison, ...one } = await rebuilt(running, { ...quietly, tell: (phase) => void phases.push(phase) })
    expect(one).toEqual({ projection: 'spoken', switched: true, from: 1, to: 2 })
    expect(comparison).toMatchObject({ same: true, position: 40, rows: { said: [32, 32], mark: [2, 2] } })
    expect(phases).toEqual(['filling', 'catching-up', 'comparing', 'switching'])
    expect(servingOf(folder, spoken())).toEqual({ serves: 2, previous: 1 })
    log.say('later')
    await running.reached()
    expect(running.read()).toEqual({ position: 41, value: 33 })
    await running.stop()
    expect(await contentOf(generationFile(folder, 'spoken', 2))).toMatchObject({ position: 41 })
    expect(await contentOf(generationFile(folder, 'spoken', 1))).toMatchObject({ position: 40 })
  })

  it('PJ17 the new model has every event, in place of a wrong one, and the next start goes on with it', async () => {
    const [folder, log] = [freshFolder(), filled(40)]
    const running = await started(folder, log)
    await running.reached()
    await rebuilt(running)
    await running.stop()
    log.say('while nobody ran')
    expect(await everything(folder, log)).toBe(await everything(freshFolder(), log))
  })

  it('PJ18 readers see whole models and positions that never go back, while events come all the time', async () => {
    const [folder, log] = [freshFolder(), filled(3_000)]
    const running = await started(folder, log)
    await running.reached()
    let going = true
    const seen: number[] = []
    const happening = (async () => {
      for (let n = 0; going; n++) {
        if (n % 3 === 0) log.mark()
        else log.say(`now ${n}`)
        const { position, value } = running.read()
        seen.push(position)
        // Each event but a mark is a row; of the first 3,000 every fifth is one.
        expect(value).toBeGreaterThanOrEqual(2_400)
        if (n % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
        else await setImmediate()
      }
    })()
    expect(await rebuilt(running)).toMatchObject({ switched: true, comparison: { same: true } })
    going = false
    await happening
    await running.reached()
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(running.told).toEqual(running.told.toSorted((a, b) => a - b))
    expect(running.read().position).toBe(log.head())
    await running.stop()
    expect((await contentOf(servingFile(folder, spoken()))).hash).toBe(await everything(freshFolder(), log))
  })

  it('PJ18 marks that are compacted away before a model read them make no difference', async () => {
    for (let round = 0; round < 20; round++) {
      const log = compactingLog(3)
      const running = await started(freshFolder(), log)
      let going = true
      const happening = (async () => {
        for (let n = 0; going; n++) {
          for (let more = (n * 7 + round) % 9; more >= 0; more--)
            if (more % 3 === 0) log.say(`${n} ${more}`)
            else log.mark(more % 2 ? tea : groupId(idAt(9)))
          await new Promise((resolve) => setTimeout(resolve, (n + round) % 3))
        }
      })()
      await new Promise((resolve) => setTimeout(resolve, round))
      const { comparison } = await rebuilt(running)
      going = false
      await happening
      expect(comparison?.differing).toEqual([])
      await running.stop()
    }
  })

  it('PJ19 a model that says something else is told, and the old one goes on serving until that is accepted', async () => {
    const [folder, log] = [freshFolder(), filled(10)]
    const first = await started(folder, log)
    await first.reached()
    spoil(servingFile(folder, spoken()), `UPDATE said SET text = 'spoilt' WHERE text = 'text 2'`)
    const refused = await rebuilt(first)
    expect(refused).toMatchObject({ switched: false, comparison: { same: false, differences: 1 } })
    expect(servingOf(folder, spoken())).toEqual({ serves: 1 })
    expect(readdirSync(folder).filter((entry) => entry.startsWith('spoken_v2'))).toEqual([])
    log.say('it goes on')
    await first.reached()
    expect(first.read().position).toBe(11)
    expect(await rebuilt(first, { ...quietly, acceptDifferences: true })).toMatchObject({ switched: true, to: 2 })
    await first.stop()
    expect((await contentOf(servingFile(folder, spoken()))).texts).not.toContain('spoilt')
  })

  it('PJ19 an event that only one of the models has set aside is a difference', async () => {
    const [folder, log] = [freshFolder(), filled(4)]
    log.say('bad')
    const running = await started(folder, log)
    await running.reached()
    await running.running.drop('spoken', conversationStream(tea))
    const { comparison } = await rebuilt(running)
    expect(comparison).toMatchObject({ same: false, differing: [conversationStream(tea)] })
    await running.stop()
  })

  it('PJ17 a log that cannot be read to its end leaves everything as it was', async () => {
    const [folder, log] = [freshFolder(), filled(10)]
    const running = await started(folder, log)
    await running.reached()
    log.corrupt(7)
    await expect(rebuilt(running)).rejects.toThrow('spoken cannot be filled: event at position 7')
    expect(servingOf(folder, spoken())).toEqual({ serves: 1 })
    expect(running.read().position).toBe(10)
    await running.stop()
  })
})

describe('A rebuild that is killed', () => {
  /** The n-th thing that is asked of anybody is not answered any more, after it was done or before; nothing follows. */
  const mortal = (at: number) => {
    let asked = 0
    let die = (): void => {}
    const died = new Promise<void>((resolve) => {
      die = resolve
    })
    const never = <T>(): Promise<T> => {
      die()
      return new Promise(() => {})
    }
    const guarded =
      <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const mine = asked++
        if (mine > at || (mine === at && at % 2 === 0)) return never()
        const answer = await call(...args)
        return mine === at ? never() : answer
      }
    const all = <S extends object>(served: S): S =>
      Object.fromEntries(Object.entries(served).map(([name, call]) => [name, guarded(call)])) as S
    const start = async (folder: string, log: Log) => {
      const running = await started(folder, log, 1, { ...log.log, readAll: guarded(log.log.readAll) })
      await running.reached()
      const { projecting, reading, filling } = running.parts
      const parts = { folder, projecting: all(projecting), reading: all(reading), filling: all(filling) }
      return { running, ended: rebuild(parts, [running.projection], quietly) }
    }
    return { start, died, asked: () => asked }
  }

  it('PJ20 at ten random moments leaves a model that serves, and done again ends with the same hash', async () => {
    const log = filled(6_000)
    const hash = await everything(freshFolder(), log)
    const immortal = mortal(Number.POSITIVE_INFINITY)
    const { running, ended } = await immortal.start(freshFolder(), log)
    await ended
    await running.stop()
    const moments = immortal.asked()
    expect(moments).toBeGreaterThan(12)

    const folder = freshFolder()
    let seed = 20
    for (let kill = 0; kill < 10; kill++) {
      seed = (seed * 48_271) % 2_147_483_647
      const { start, died } = mortal(seed % moments)
      const { running } = await start(folder, log)
      await died
      await running.stop()
      expect(await everything(folder, log), `killed at ${seed % moments} of ${moments}`).toBe(hash)
    }
    const last = await started(folder, log)
    await last.reached()
    expect(await rebuilt(last)).toMatchObject({ switched: true, comparison: { same: true } })
    await last.stop()
    expect(await everything(folder, log)).toBe(hash)
    expect(readdirSync(folder).filter((entry) => /filling|new/.test(entry))).toEqual([])
  }, 30_000)
})

describe('The model that served before', () => {
  it('PJ21 serves again when it is rolled back to, with all that came meanwhile, and there and back again', async () => {
    const [folder, log] = [freshFolder(), filled(20)]
    const running = await started(folder, log)
    await running.reached()
    await rebuilt(running)
    log.say('meanwhile')
    await running.reached()
    expect(await rollBack(running.parts, running.projection, () => undefined)).toMatchObject({ from: 2, to: 1 })
    expect(servingOf(folder, spoken())).toEqual({ serves: 1, previous: 2 })
    expect(running.read().position).toBe(21)
    log.say('after')
    await running.reached()
    await rollBack(running.parts, running.projection, () => undefined)
    expect(running.read()).toMatchObject({ position: 22 })
    expect(running.told).toEqual(running.told.toSorted((a, b) => a - b))
    await running.stop()
  })

  it('PJ21 is deleted when it is told, and then there is no way back', async () => {
    const [folder, log] = [freshFolder(), filled(20)]
    const running = await started(folder, log)
    await running.reached()
    await expect(dropOld(folder, running.projection)).rejects.toThrow('no older model of spoken is kept')
    await rebuilt(running)
    expect(await dropOld(folder, running.projection)).toBe(1)
    expect(existsSync(generationFile(folder, 'spoken', 1))).toBe(false)
    await expect(rollBack(running.parts, running.projection, () => undefined)).rejects.toThrow('no older model')
    expect(running.read().position).toBe(20)
    await running.stop()
  })

  it('PJ21 is replaced by the one that a second rebuild takes over from', async () => {
    const [folder, log] = [freshFolder(), filled(20)]
    const running = await started(folder, log)
    await running.reached()
    await rebuilt(running)
    expect(await rebuilt(running)).toMatchObject({ from: 2, to: 3 })
    expect(existsSync(generationFile(folder, 'spoken', 1))).toBe(false)
    expect(servingOf(folder, spoken())).toEqual({ serves: 3, previous: 2 })
    await running.stop()
  })
})

describe('A model of an older version', () => {
  it('PJ23 serves as it is while one of this version is filled, which then serves without being compared', async () => {
    const [folder, log] = [freshFolder(), filled(20)]
    await everything(folder, log)
    const running = await started(folder, log, 2)
    log.say('upgraded')
    await running.reached()
    expect(running.read()).toEqual({ position: 21, value: 17 })
    expect(modelVersion(generationFile(folder, 'spoken', 1))).toBe(1)
    const one = await rebuilt(running)
    expect(one).toEqual({ projection: 'spoken', switched: true, from: 1, to: 2 })
    expect(running.read()).toEqual({ position: 21, value: 17 })
    await running.stop()
    const file = servingFile(folder, spoken(2))
    expect(modelVersion(file)).toBe(2)
    expect((await contentOf(file)).texts).toContain('TEXT 1')
    expect((await contentOf(generationFile(folder, 'spoken', 1))).texts).toContain('text 1')
  })

  it('PJ23 that nothing can serve is replaced before anything runs', async () => {
    const [folder, log] = [freshFolder(), filled(20)]
    await everything(folder, log)
    const elsewhere = await started(freshFolder(), log, 2)
    const [one] = await fillFirst({ folder, filling: elsewhere.parts.filling }, [spoken(2)])
    await elsewhere.stop()
    expect(one).toEqual({ projection: 'spoken', switched: true, from: 1, to: 2 })
    expect(await contentOf(join(folder, 'spoken_v2.db'))).toMatchObject({ position: 20 })
    expect(servingOf(folder, spoken(2))).toEqual({ serves: 2, previous: 1 })
  })
})
