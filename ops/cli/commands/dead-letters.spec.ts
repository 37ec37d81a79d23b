import { join } from 'node:path'
import { conversationStream } from '@verbatim/protocol'
import { idAt, messageSent, tea } from '@verbatim/protocol/examples'
import Database from 'better-sqlite3'
import { CommanderError } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import { acts, failure, runHere, told } from '../cli.rig.ts'
import { exits } from '../failure.ts'
import { copyOf, installation, projected, withLog } from '../installation.rig.ts'

let sound: string
beforeAll(async () => {
  sound = await installation()
})

describe('dead letters', () => {
  const stream = conversationStream(tea)
  /** Two messages of one id: the second cannot be taken, and one waits behind it. */
  const withLetter = async () => {
    const folder = copyOf(sound)
    await withLog(folder, (append) =>
      append(stream, [messageSent({ message: idAt(31), n: 41 }), messageSent({ message: idAt(91), n: 42 })]),
    )
    await projected(folder)
    return folder
  }

  it('OP44 are listed and shown with their reason and what waits', async () => {
    const folder = await withLetter()
    const { found } = await told(folder, 'dead-letters', 'list')
    expect(found).toMatchObject([
      {
        projection: 'timelines',
        stream,
        position: 53,
        revision: 44,
        waiting: [54],
        reason: expect.stringContaining('UNIQUE'),
      },
    ])
    const shown = await told(folder, 'dead-letters', 'show', 'timelines', stream)
    expect(shown.found).toMatchObject({ letter: { position: 53 }, event: { position: 53, type: 'MessageSent' } })
    expect((await runHere(sound, ['dead-letters', 'list'])).out).toEqual(['no dead letters'])
  })

  it('OP44 that fail again stay, and are told as a failure', async () => {
    const folder = await withLetter()
    const { exit, found } = await told(folder, 'dead-letters', 'retry', 'timelines', stream)
    expect(exit).toBe(exits.faults)
    expect(found.left).toMatchObject({ position: 53, waiting: 1 })
    expect((await told(folder, 'dead-letters', 'list')).found).toHaveLength(1)
  })

  it('OP44 that can be taken now are taken, with what waits behind them', async () => {
    const folder = await withLetter()
    const db = new Database(join(folder, 'timelines_v1.db'))
    db.exec(`UPDATE messages SET id = '${idAt(92)}' WHERE id = '${idAt(31)}'`)
    db.close()
    expect(await told(folder, 'dead-letters', 'retry', 'timelines', stream)).toMatchObject({
      exit: exits.fine,
      found: { left: null },
    })
    expect((await told(folder, 'dead-letters', 'list')).found).toEqual([])
  })

  it('OP44 are dropped only with a reason, which is kept', async () => {
    const folder = await withLetter()
    await expect(runHere(folder, ['dead-letters', 'drop', 'timelines', stream])).rejects.toBeInstanceOf(CommanderError)
    expect(await failure(folder, 'dead-letters', 'drop', 'timelines', stream, '--reason', ' ')).toMatchObject({
      exit: exits.usage,
    })
    const { exit } = await told(
      folder,
      'dead-letters',
      'drop',
      'timelines',
      stream,
      '--reason',
      'sent twice by a broken build',
    )
    expect(exit).toBe(exits.fine)
    expect((await told(folder, 'dead-letters', 'list')).found).toEqual([])
    expect(acts(folder)).toMatchObject([
      { act: 'drop', projection: 'timelines', stream, reason: 'sent twice by a broken build' },
    ])
    expect(await failure(folder, 'dead-letters', 'retry', 'timelines', stream)).toMatchObject({ exit: exits.missing })
  })
})
