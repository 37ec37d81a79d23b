import type { ConversationId, PublicEvent } from '@verbatim/protocol'
import type { Ack, History, Send, Violation } from './history.ts'

/**
 * Judges what clients saw against the promises: nothing acknowledged is lost, nothing is there twice, no revision is
 * missing, nobody's order is turned round, and everybody sees the same. Outcomes are known (acknowledged, refused) or
 * unknown: a send without an answer may be there once or not at all.
 */
export const checkHistory = (history: History): Violation[] => [
  ...answersAgree(history),
  ...readingsAreWhole(history),
  ...everyoneSeesTheSame(history),
  ...acknowledgedIsThere(history),
  ...nothingTwice(history),
  ...ordersAreKept(history),
  ...sightsGoForward(history),
  ...nobodyStartsAfresh(history),
]

/** A summary for people: how many of each, and the first few of each in words. */
export const report = (violations: readonly Violation[]): string => {
  const kinds = grouped(violations, ({ kind }) => kind)
  return [...kinds]
    .flatMap(([kind, found]) => [`${kind}: ${found.length}`, ...found.slice(0, 5).map(({ detail }) => `  ${detail}`)])
    .join('\n')
}

const acksOf = ({ answers }: Send): Ack[] => answers.filter((answer) => answer.kind === 'ack')

const answersAgree = ({ sends }: History): Violation[] =>
  sends.flatMap((send): Violation[] => {
    if (send.answers.every(({ kind }) => kind === 'unseen')) return [{ kind: 'never answered', detail: named(send) }]
    const [first, ...others] = acksOf(send)
    const changed = others.filter((ack) => ack.revision !== first?.revision || ack.position !== first.position)
    return changed.map((ack) => ({
      kind: 'changed answer',
      detail: `${named(send)} was ${first?.revision} at ${first?.position}, then ${ack.revision} at ${ack.position}`,
    }))
  })

const readingsAreWhole = ({ readings }: History): Violation[] =>
  readings.flatMap(({ reader, conversation, events }) => {
    const wrong = events.findIndex((event, n) => event.revision !== n)
    return wrong < 0
      ? []
      : [
          {
            kind: 'gap',
            detail: `${reader} reads ${events[wrong]?.revision} of ${conversation} where ${wrong} should be`,
          },
        ]
  })

const everyoneSeesTheSame = ({ sights, readings }: History): Violation[] => {
  const first = new Map<string, { event: PublicEvent; reader: string }>()
  const differing: Violation[] = []
  for (const { reader, conversation, events } of [...readings, ...sights])
    for (const event of events) {
      const place = `${conversation}/${event.revision}`
      const known = first.get(place)
      if (!known) first.set(place, { event, reader })
      else if (known.event !== event && canonical(known.event) !== canonical(event)) {
        const [before, now] = [canonical(known.event), canonical(event)]
        differing.push({ kind: 'differs', detail: `${place}: ${known.reader} saw ${before}, ${reader} ${now}` })
      }
    }
  return differing
}

const acknowledgedIsThere = (history: History): Violation[] => {
  const whole = wholeConversations(history)
  return history.sends.flatMap((send): Violation[] => {
    const ack = acksOf(send)[0]
    const events = whole.get(send.conversation)
    if (!ack || !events) return []
    const event = events.get(ack.revision)
    if (messageOf(event) !== send.id)
      return [...events.values()].some((other) => messageOf(other) === send.id)
        ? [{ kind: 'wrong answer', detail: `${named(send)} is not at ${ack.revision}` }]
        : [{ kind: 'lost', detail: `${named(send)}, acknowledged as ${ack.revision}` }]
    return event?.actor === send.sender && event.type === 'MessageSent' && event.data.body?.text === send.text
      ? []
      : [{ kind: 'wrong answer', detail: `${named(send)} has another sender or text: ${canonical(event)}` }]
  })
}

const nothingTwice = (history: History): Violation[] => {
  const sent = new Map(history.sends.map((send) => [send.id as string, send]))
  const wrong: Violation[] = []
  for (const [conversation, events] of wholeConversations(history)) {
    const places = new Map<string, number>()
    for (const [revision, event] of events) {
      const message = messageOf(event)
      if (message === undefined) continue
      const other = places.get(message)
      if (other !== undefined && other !== revision)
        wrong.push({ kind: 'doubled', detail: `${message} is at ${other} and at ${revision} of ${conversation}` })
      places.set(message, revision)
      if (sent.get(message)?.conversation !== conversation)
        wrong.push({ kind: 'unsent', detail: `${message} at ${revision} of ${conversation} was not sent there` })
    }
  }
  return wrong
}

/**
 * A person's messages lie in the order sent, and a message that was acknowledged before another was sent lies before
 * it, whoever sent the two. Refused ones are left out, and those that may have been: they were sent again later.
 */
const ordersAreKept = ({ sends }: History): Violation[] => {
  const known = sends.flatMap((send) => {
    const ack = acksOf(send)[0]
    return ack && send.answers.every(({ kind }) => kind === 'ack') ? [{ send, ack }] : []
  })
  const wrong: Violation[] = []
  for (const each of grouped(known, ({ send }) => send.conversation).values()) {
    const bySending = each.toSorted((a, b) => a.send.at - b.send.at)
    const byAnswer = each.toSorted((a, b) => a.ack.at - b.ack.at)
    const lastOf = new Map<string, (typeof each)[number]>()
    let answered = 0
    let highest: (typeof each)[number] | undefined
    for (const one of bySending) {
      const before = lastOf.get(one.send.sender)
      if (before && before.ack.revision >= one.ack.revision)
        wrong.push({ kind: 'inversion', detail: `${named(one.send)} lies before ${named(before.send)}, sent earlier` })
      lastOf.set(one.send.sender, one)
      for (let next = byAnswer[answered]; next && next.ack.at < one.send.at; next = byAnswer[++answered])
        if (!highest || next.ack.revision > highest.ack.revision) highest = next
      if (highest && highest.ack.revision >= one.ack.revision)
        wrong.push({
          kind: 'inversion',
          detail: `${named(one.send)} lies before ${named(highest.send)}, acknowledged earlier`,
        })
    }
  }
  return wrong
}

const sightsGoForward = ({ sights }: History): Violation[] =>
  sights.flatMap(({ reader, conversation, after, events }) => {
    const wrong: Violation[] = []
    let last = after
    for (const { revision } of events) {
      const where = `${reader} was shown ${revision} after ${last} in ${conversation}, on a socket from ${after}`
      if (last !== undefined && revision > last + 1) wrong.push({ kind: 'gap', detail: where })
      if (last !== undefined && revision === last) wrong.push({ kind: 'doubled', detail: where })
      if (last !== undefined && revision < last) wrong.push({ kind: 'inversion', detail: where })
      last = last === undefined ? revision : Math.max(last, revision)
    }
    return wrong
  })

/** Nobody here was away for long: who is sent to read afresh was ahead of a log that had lost something. */
const nobodyStartsAfresh = ({ resets }: History): Violation[] =>
  resets.map(({ reader, conversation, after }) => ({
    kind: 'reset',
    detail: `${reader} had ${conversation} up to ${after} and was told to read it afresh`,
  }))

/** The longest reading of each conversation, by revision; `everyoneSeesTheSame` has compared it with the others. */
const wholeConversations = ({ readings }: History): Map<ConversationId, Map<number, PublicEvent>> => {
  const whole = new Map<ConversationId, Map<number, PublicEvent>>()
  for (const { conversation, events } of readings)
    if (events.length >= (whole.get(conversation)?.size ?? 0))
      whole.set(conversation, new Map(events.map((event) => [event.revision, event])))
  return whole
}

const messageOf = (event: PublicEvent | undefined): string | undefined =>
  event?.type === 'MessageSent' ? event.data.message : undefined

const named = ({ sender, conversation, id, text }: Send): string => `${id} (${text}) of ${sender} in ${conversation}`

const grouped = <T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group) group.push(one)
    else groups.set(keyOf(one), [one])
  }
  return groups
}

/** The same text for the same value, whatever the order of its fields. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
