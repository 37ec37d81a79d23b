const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const weekdayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const dateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const oldDateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const longDayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const oldLongDayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

const DAY = 86_400_000

/** The local day, as a key. */
export const dayOf = (at: string): string => new Date(at).toDateString()

const daysAgo = (at: string, now: number): number => {
  const day = new Date(at).setHours(0, 0, 0, 0)
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - day) / DAY)
}

export const clock = (at: string): string => clockFormat.format(new Date(at))
export const exact = (at: string): string => exactFormat.format(new Date(at))

/** For a row of the list: the hour today, then the day, then the date. */
export const listTime = (at: string, now = Date.now()): string => {
  const ago = daysAgo(at, now)
  if (ago <= 0) return clock(at)
  if (ago === 1) return 'Yesterday'
  if (ago < 7) return weekdayFormat.format(new Date(at))
  return (ago < 300 ? dateFormat : oldDateFormat).format(new Date(at))
}

/** For the line between two days. */
export const dayLabel = (at: string, now = Date.now()): string => {
  const ago = daysAgo(at, now)
  if (ago <= 0) return 'Today'
  if (ago === 1) return 'Yesterday'
  return (ago < 300 ? longDayFormat : oldLongDayFormat).format(new Date(at))
}
