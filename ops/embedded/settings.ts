import { limits } from '@verbatim/protocol'
import type { Provider } from '@verbatim/services/identity'
import { misspelt } from './misspelt.ts'
import { oidcProviders, oidcRows } from './oidc-settings.ts'

/** One setting: how its text becomes a value. `parse` throws a sentence that says what to write instead. */
type Setting<T> = {
  readonly default: string
  readonly doc: string
  /** What is set is told to nobody, not even when it is wrong. */
  readonly secret?: true
  parse(text: string): T
}

const settings = {
  PORT: {
    default: '8080',
    doc: 'Port to listen on; 0 takes a free one.',
    parse: (text) => {
      const port = Number(text)
      if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error('write a number from 0 to 65535')
      return port
    },
  } satisfies Setting<number>,
  HOST: {
    default: '0.0.0.0',
    doc: 'Address to listen on; 127.0.0.1 lets in only this machine, for instance a proxy on it.',
    parse: (text) => text,
  } satisfies Setting<string>,
  DATA: {
    default: './data',
    doc: 'Folder that holds everything: the log, the accounts, the read models. Made with mode 0700 when it is not there.',
    parse: (text) => {
      if (text === '') throw new Error('write the path of a folder')
      return text
    },
  } satisfies Setting<string>,
  PUBLIC_URL: {
    default: '',
    doc: 'Address under which people reach the server; `http://localhost:PORT` when empty. With https cookies are Secure.',
    parse: (text) => {
      if (text === '') return undefined
      const url = URL.canParse(text) ? new URL(text) : undefined
      if (!url || !/^https?:$/.test(url.protocol)) throw new Error('write an address such as https://chat.example.org')
      return url.origin
    },
  } satisfies Setting<string | undefined>,
  ALLOWED_ORIGINS: {
    default: '',
    doc: 'Further web origins that may use this server, separated by commas.',
    parse: (text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== '')
        .map((origin) => {
          if (!URL.canParse(origin) || new URL(origin).origin !== origin)
            throw new Error(`write origins such as https://chat.example.org, not ${JSON.stringify(origin)}`)
          return origin
        }),
  } satisfies Setting<string[]>,
  TRUST_PROXY: {
    default: 'off',
    doc: '`on` when a proxy of yours stands in front and sets X-Forwarded-For.',
    parse: (text) => onOff(text),
  } satisfies Setting<boolean>,
  LIMITS: {
    default: 'on',
    doc: '`off` lifts the rate limits, for load tests; sizes, depths and group size stay.',
    parse: (text) => onOff(text),
  } satisfies Setting<boolean>,
  GROUP_MEMBERS: {
    default: `${limits.groupMembers}`,
    doc: 'How many people a group may have.',
    parse: (text) => {
      const members = Number(text)
      if (!/^\d{1,6}$/.test(text) || members < 2) throw new Error('write a number from 2 to 999999')
      return members
    },
  } satisfies Setting<number>,
  SOCKETS: {
    default: 'auto',
    doc: '`uws` for uWebSockets.js, `ws` for the stand-in, `auto` for uWebSockets.js where its native build loads.',
    parse: (text) => oneOf(['auto', 'uws', 'ws'], text),
  } satisfies Setting<'auto' | 'uws' | 'ws'>,
  METRICS_TOKEN: {
    default: '',
    doc: 'Lets whoever shows it as bearer read `/metrics` from elsewhere; without it only this machine may.',
    secret: true,
    parse: (text) => {
      if (text === '') return undefined
      if (!/^[\w.~+/=-]{16,512}$/.test(text))
        throw new Error(
          'write 16 to 512 letters, digits or any of . _ ~ + / = -, for instance what `openssl rand -hex 24` prints',
        )
      return text
    },
  } satisfies Setting<string | undefined>,
  LOG_LEVEL: {
    default: 'info',
    doc: 'Least level of what is written to standard error: `debug`, `info`, `warn`, `error`.',
    parse: (text) => oneOf(['debug', 'info', 'warn', 'error'], text),
  } satisfies Setting<'debug' | 'info' | 'warn' | 'error'>,
} as const

const onOff = (text: string): boolean => oneOf(['on', 'off'], text) === 'on'

const oneOf = <const Choice extends string>(choices: readonly Choice[], text: string): Choice => {
  const choice = choices.find((one) => one === text)
  if (choice === undefined) throw new Error(`write ${choices.join(' or ')}`)
  return choice
}

type Name = keyof typeof settings
export type Settings = { readonly [N in Name]: ReturnType<(typeof settings)[N]['parse']> } & {
  /** Of `OIDC_<NAME>_…`. */
  readonly OIDC: readonly Provider[]
}

/** Every mistake at once, each with what to write instead. */
export class WrongSettings extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.name = 'WrongSettings'
  }
}

/** @throws WrongSettings */
export const readSettings = (environment: Record<string, string | undefined>): Settings => {
  const mistakes: string[] = []
  const values = Object.entries<Setting<unknown>>(settings).map(([name, setting]) => {
    const text = environment[name] ?? setting.default
    try {
      return [name, setting.parse(text)]
    } catch (error) {
      const told = setting.secret ? name : `${name}=${text}`
      mistakes.push(`${told}: ${error instanceof Error ? error.message : error}`)
      return [name, undefined]
    }
  })
  mistakes.push(...misspelt(Object.keys(environment), Object.keys(settings)))
  const oidc = oidcProviders(environment)
  mistakes.push(...oidc.mistakes)
  if (mistakes.length > 0) throw new WrongSettings(mistakes)
  return Object.fromEntries([...values, ['OIDC', oidc.providers]]) as Settings
}

/** The table of the README, as Markdown. */
export const settingsTable = (): string =>
  [
    '| setting | default | what it does |',
    '|---|---|---|',
    ...Object.entries(settings).map(
      ([name, { default: value, doc }]) => `| \`${name}\` | ${value === '' ? '' : `\`${value}\``} | ${doc} |`,
    ),
    ...oidcRows.map(([name, doc]) => `| \`${name}\` |  | ${doc} |`),
  ].join('\n')
