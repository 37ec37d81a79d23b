import { conversationStream, readingStream } from '@verbatim/protocol'
import { ada, bob, idAt, messageSent, noon, tea } from '@verbatim/protocol/examples'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { failure, filesOf, runHere, told } from '../cli.rig.ts'
import { exits } from '../failure.ts'
import { logFile } from '../files.ts'
import { copyOf, installation, withLog } from '../installation.rig.ts'

let sound: string
beforeAll(async () => {
  sound = await installation()
})

describe('replay', () => {
  const positions = async (...words: string[]) =>
    (await runHere(sound, ['replay', '--json', ...words])).out.map((line) => JSON.parse(line).position)

  it.each<[string[], number[]]>([
    [
      ['--limit', '3'],
      [1, 2, 3],
    ],
    [
      ['--after', '50'],
      [51, 52],
    ],
    [
      ['--category', 'friendship'],
      [4, 5],
    ],
    [['--type', 'MemberLeft'], [49]],
    [
      ['--stream', conversationStream(tea), '--after', '47'],
      [48, 49],
    ],
    [['--actor', bob], []],
    [['--actor', ada, '--limit', '1'], [1]],
    [
      ['--since', new Date(noon + 51_000).toISOString(), '--until', new Date(noon + 53_000).toISOString()],
      [51, 52],
    ],
  ])('OP41 prints what is asked for by %j', async (words, expected) => {
    expect(await positions(...words)).toEqual(expected)
  })

  it('OP41 prints all that is stored of an event, and for people a line that cannot play with their terminal', async () => {
    const folder = copyOf(sound)
    await withLog(folder, (append) =>
      append(conversationStream(tea), [
        messageSent({ message: idAt(90), n: 41, body: { text: 'red \u001b[31m\u202e' } }),
      ]),
    )
    const { out } = await runHere(folder, ['replay', '--after', '52'])
    expect(out[0]).toMatch(/^53 {2}2025-01-01 .+ conversation-\w+@44 {2}MessageSent {2}by \w+ {2}\{/)
    expect(out[0]).not.toContain('\u001b')
    expect(out[0]).not.toContain('\u202e')
    const event = JSON.parse((await runHere(folder, ['replay', '--after', '52', '--json'])).out[0] ?? '')
    expect(event).toMatchObject({ actor: ada, schema: 1, data: { body: { text: 'red \u001b[31m\u202e' } } })
  })

  it('OP41 a stream that never was is told, and no event of it invented', async () => {
    expect(await failure(sound, 'replay', '--stream', 'account-x')).toMatchObject({ exit: exits.missing })
  })

  it('OP41 stops at an event that is not what was written', async () => {
    const folder = copyOf(sound)
    const db = new Database(logFile(folder))
    db.exec("UPDATE events SET digest = 'x' WHERE position = 20")
    db.close()
    await expect(runHere(folder, ['replay'])).rejects.toThrow('event at position 20')
  })

  it('OP42 a rehearsal ends with the hash of the model that serves, and tells which events would fail', async () => {
    const before = filesOf(sound)
    const { found, exit } = await told(sound, 'replay', '--rehearse', 'timelines')
    const { found: verified } = await told(sound, 'verify')
    expect(exit).toBe(exits.fine)
    expect(found).toMatchObject({ projection: 'timelines', events: 51, parked: [], hash: verified.models[0].hash })
    expect(filesOf(sound)).toEqual(before)

    const folder = copyOf(sound)
    const twice = messageSent({ message: idAt(31), n: 41 })
    await withLog(folder, (append) =>
      append(conversationStream(tea), [twice, messageSent({ message: idAt(91), n: 42 })]),
    )
    const failing = await told(folder, 'replay', '--rehearse', 'timelines')
    expect(failing.exit).toBe(exits.faults)
    expect(failing.found.parked).toMatchObject([
      { position: 53, reason: expect.stringContaining('UNIQUE') },
      { position: 54, reason: null },
    ])
    expect(await failure(sound, 'replay', '--rehearse', 'nothing')).toMatchObject({ exit: exits.usage })
  })
})

it('OP41 knows compacted streams as they are', async () => {
  const { out } = await runHere(sound, ['replay', '--json', '--stream', readingStream(tea, bob)])
  expect(out.map((line) => JSON.parse(line).revision)).toEqual([1])
})
