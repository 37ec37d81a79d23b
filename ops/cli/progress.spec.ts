import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { durationOf, lines, paceOf, progressOn } from './progress.ts'
import { columns, cut, printable, sizeOf } from './text.ts'

describe('long work', () => {
  it('OP52 without a terminal is told in a plain line every few seconds, with its rate and the time left', () => {
    const written: string[] = []
    let now = 0
    const progress = lines({ write: (text) => written.push(text) }, 'log', 'events', () => now)
    for (let done = 0; done <= 12_000; done += 1_000) {
      now = done
      progress.at(done, 60_000)
    }
    progress.done()
    expect(written).toEqual([
      'log: 5000 of 60000 events, 1,000/s, 55 s left\n',
      'log: 10000 of 60000 events, 1,000/s, 50 s left\n',
    ])
  })

  it('OP52 on a terminal is a bar, and short work draws none', () => {
    const screen = Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 100,
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
    })
    const progress = progressOn(screen, 'log', 'events')
    progress.done()
    expect(screen.read()).toBeNull()
    progress.at(1, 4)
    progress.done()
    expect(`${screen.read()}`).toContain('log [')
  })

  it('OP52 its pace is said as people say it', () => {
    expect(paceOf(0, 10, 0)).toEqual({ rate: '0/s', left: 'unknown time' })
    expect(paceOf(1_000, 126_000, 1_000)).toEqual({ rate: '1,000/s', left: '2 min 5 s' })
    expect(paceOf(5, 5, 1_000).left).toBe('0 s')
    expect(durationOf(3 * 3_600 + 125)).toBe('3 h 2 min')
  })
})

describe('what is printed', () => {
  it('OP52 stands in columns, is cut where asked, and sizes are said in units', () => {
    expect(
      columns([
        ['a', 'bb'],
        ['ccc', ''],
      ]),
    ).toEqual(['a    bb', 'ccc'])
    expect(cut('abcdef', 4)).toBe('abc…')
    expect([0, 999, 1_000, 4_600_000, 3e12].map(sizeOf)).toEqual(['0 bytes', '999 bytes', '1.0 kB', '4.6 MB', '3.0 TB'])
  })

  it('OP41 cannot move a cursor or turn a line round', () => {
    expect(printable('a\u001b[2Jb\u202ec\nd\u009be')).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffde')
  })
})
