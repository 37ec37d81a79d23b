import { join } from 'node:path'
import { conversationStream, groupId } from '@verbatim/protocol'
import { adaAndBob, idAt, tea } from '@verbatim/protocol/examples'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openModelReader } from '../adapters/sqlite-reader.ts'
import { exportRows, hashOf } from '../canonical.ts'
import { compareModels } from './compare.ts'
import { compactingLog, freshFolder, spokenExport, started } from './rebuild.examples.ts'

const noon = groupId(idAt(12))
/** A model of what was said in three conversations, changed by hand. */
const madeWith = async (sql = '') => {
  const folder = freshFolder()
  const log = compactingLog()
  for (let n = 0; n < 30; n++) log.say(`${n}`, [tea, noon, adaAndBob][n % 3])
  const running = await started(folder, log)
  await running.reached()
  await running.stop()
  const file = join(folder, 'spoken_v1.db')
  const db = new Database(file)
  db.exec(sql)
  db.close()
  const reader = await openModelReader(file, 0)
  onTestFinished(() => reader.close())
  return reader
}
/** Rows of a conversation by the id that a model names it with. */
const byConversation = { said: `SELECT substr(stream, 14), revision, text FROM said ORDER BY 1, 2` }

it('PJ19 equal models have the same rows and hashes, whatever order they were written in.', async () => {
  const [one, other] = [await madeWith(), await madeWith('UPDATE said SET rowid = rowid + 1000 WHERE rowid % 2')]
  const hash = hashOf(exportRows(one.db, spokenExport))
  expect(compareModels(one, other, spokenExport)).toEqual({
    same: true,
    position: 30,
    rows: { said: [30, 30], mark: [0, 0] },
    hashes: [hash, hash],
    differing: [],
    differences: 0,
  })
})

it('PJ19 what differs is named by its conversation, however the rows are shifted by it.', async () => {
  const [one, other] = [await madeWith(), await madeWith(`DELETE FROM said WHERE text = '4'`)]
  const found = compareModels(one, other, byConversation)
  expect(found).toMatchObject({ same: false, rows: { said: [30, 29] }, differing: [noon], differences: 1 })
  expect(found.hashes[0]).not.toBe(found.hashes[1])
})

it('PJ19 a changed row, one too many and one set aside are each a difference.', async () => {
  const other = await madeWith(`
    UPDATE said SET text = 'x' WHERE text = '0';
    INSERT INTO said VALUES ('${conversationStream(noon)}', 99, 'more');
    INSERT INTO parked VALUES (30, '${conversationStream(adaAndBob)}', 9, 'why')`)
  expect(compareModels(await madeWith(), other, byConversation)).toMatchObject({
    same: false,
    differing: [tea, noon, conversationStream(adaAndBob)],
    differences: 3,
  })
})

it('PJ19 of many differences some are named and all are counted.', async () => {
  const other = await madeWith(`WITH RECURSIVE n(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM n WHERE n < 139)
    INSERT INTO said SELECT 'x' || n, 0, 'x' FROM n`)
  const found = compareModels(await madeWith(), other, spokenExport)
  expect(found).toMatchObject({ differences: 40, rows: { said: [30, 70] } })
  expect(found.differing).toHaveLength(20)
})

it('PJ19 models that stand elsewhere are not compared.', async () => {
  const other = await madeWith(`UPDATE meta SET value = 29 WHERE key = 'position'`)
  const one = await madeWith()
  expect(() => compareModels(one, other, spokenExport)).toThrow('models at 30 and 29 cannot be compared')
})
