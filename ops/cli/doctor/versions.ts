import { assertSqlite } from '@verbatim/services/event-log'
import { sentenceOf } from '../../sentence.ts'
import { sqliteVersion } from '../adapters/sqlite.ts'
import { type Finding, fine, look, wrong } from './finding.ts'

/** The oldest Node that the server runs on, as package.json says. */
const OLDEST_NODE = [20, 19] as const

/** @param node `v20.20.2` */
export const nodeVersion = (node: string): Finding => {
  const [major = 0, minor = 0] = node.slice(1).split('.').map(Number)
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
  return isOld ? wrong('Node', node, `install Node ${OLDEST_NODE.join('.')} or newer`) : fine('Node', node)
}

export const sqlite = (): Finding => {
  const version = sqliteVersion()
  try {
    assertSqlite(version)
    return fine('SQLite', version)
  } catch (error) {
    return wrong('SQLite', sentenceOf(error), 'npm ci installs the version that belongs to this release')
  }
}

export const sockets = async (choice: 'auto' | 'uws' | 'ws'): Promise<Finding> => {
  try {
    // The parts of the gateway are loaded by nothing else here.
    const { openSockets } = await import('@verbatim/services/gateway')
    const { name } = openSockets(choice)
    if (choice === 'ws' || name.startsWith('uWebSockets')) return fine('sockets', name)
    return look(
      'sockets',
      `${name}, which carries fewer people`,
      'the README tells under “Sockets” how to get uWebSockets.js',
    )
  } catch (error) {
    return wrong('sockets', sentenceOf(error), 'set SOCKETS=auto, or use Node 20 on Linux with glibc')
  }
}
