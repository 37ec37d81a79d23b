import type { Acts } from './create-acts.ts'
import type { Shown } from './shown.ts'

/** Keys on a message that has the focus: arrows move, letters act. */
export const messageKeys = (
  event: KeyboardEvent & { currentTarget: HTMLElement },
  acts: Acts,
  find: (id: string) => Shown | undefined,
): void => {
  const row = event.target instanceof HTMLElement ? event.target : undefined
  const message = find(row?.dataset.message ?? '')
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-message]')]
  const now = row ? rows.indexOf(row) : -1
  if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
    event.preventDefault()
    const next = now === -1 ? rows.length - 1 : now + (event.key === 'ArrowUp' ? -1 : 1)
    rows[next]?.focus()
  } else if (message && row) act(event, acts, { message, row })
}

const act = (event: KeyboardEvent, acts: Acts, { message, row }: { message: Shown; row: HTMLElement }): void => {
  switch (event.key.toLowerCase()) {
    case 'r':
      if (!message.deleted) acts.reply(message.id)
      break
    case 'e':
      if (acts.mayEdit(message)) acts.edit(message.id)
      break
    case 'a':
    case '+':
      row.querySelector<HTMLElement>('button[aria-label=React]')?.click()
      break
    case 'c':
      acts.copy(message)
      break
    case 'delete':
      if (acts.mayDelete(message)) acts.remove(message.id)
      break
    default:
      return
  }
  event.preventDefault()
}
