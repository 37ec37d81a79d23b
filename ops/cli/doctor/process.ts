import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { type Finding, fine, look, wrong } from './finding.ts'

/** How many files, and so how many sockets, a process may have open. */
export const openFiles = (pid: number | 'self'): Finding => {
  const limit = openFilesIn(limitsOf(pid))
  if (limit === undefined)
    return look(
      'open files',
      'this system does not tell',
      'see that the server may open a file for each person at once',
    )
  const found = `${limit} at once`
  return limit < 4_096
    ? look('open files', found, 'each socket takes one: ulimit -n 65536, or LimitNOFILE=65536 in the service')
    : fine('open files', found)
}

/** @param limits as in `/proc/<pid>/limits` */
export const openFilesIn = (limits: string): number | undefined => {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1]
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : soft === undefined ? undefined : Number(soft)
}

const limitsOf = (pid: number | 'self'): string => {
  try {
    return readFileSync(`/proc/${pid}/limits`, 'utf8')
  } catch {
    return ''
  }
}

/** Whether a server could listen there now. */
export const port = (host: string, number: number): Promise<Finding> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: Error & { code?: string }) =>
      resolve(
        error.code === 'EADDRINUSE'
          ? wrong('port', `${number} is in use by another program`, 'set PORT to another one, or stop that program')
          : wrong(
              'port',
              `${number} cannot be taken: ${error.message}`,
              'ports below 1024 want a privileged user: set PORT to a higher one',
            ),
      ),
    )
    probe.listen(number, host, () =>
      probe.close(() => resolve(fine('port', number === 0 ? 'any free one' : `${number} is free`))),
    )
  })
