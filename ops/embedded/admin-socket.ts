import type { Socket } from 'node:net'
import { join, relative, resolve } from 'node:path'
import type { Port } from '@verbatim/services/threads'

/**
 * Where a running server listens for its operator: in the data folder, for its owner alone. The shorter of two ways to
 * name it, since a kernel takes about a hundred characters.
 */
export const adminSocket = (folder: string, cwd: string = process.cwd()): string => {
  const whole = join(resolve(cwd, folder), 'admin.sock')
  const near = relative(cwd, whole)
  return near !== '' && near.length < whole.length ? near : whole
}

/** Characters of the longest request or answer that is taken. */
const LONGEST = 16 * 1024 * 1024

/** A socket as what calls go over: each message is a line of JSON. Who writes what is none is cut off. */
export const linesOver = (socket: Socket): Port => {
  let rest = ''
  const listeners: ((value: unknown) => void)[] = []
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST) socket.destroy()
    for (const line of lines) {
      const message = parsed(line)
      if (typeof message !== 'object' || message === null) socket.destroy()
      else for (const listen of listeners) listen(message)
    }
  })
  return {
    postMessage: (value) => void socket.write(`${JSON.stringify(value)}\n`),
    on: (_, listener) => listeners.push(listener),
  }
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
