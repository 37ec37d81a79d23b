import { For } from 'solid-js'

/** Strokes on a grid of 24. */
const strokes = {
  plus: ['M12 5v14', 'M5 12h14'],
  search: ['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z', 'M20 20l-4-4'],
  back: ['M15 5l-7 7 7 7'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  more: ['M5 12h.01', 'M12 12h.01', 'M19 12h.01'],
  send: ['M12 19V5', 'M6 11l6-6 6 6'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  reply: ['M9 7l-5 5 5 5', 'M4 12h10a6 6 0 0 1 6 6v1'],
  smile: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M8.5 14.5a4.5 4.5 0 0 0 7 0', 'M9 9.5h.01', 'M15 9.5h.01'],
  down: ['M12 5v14', 'M6 13l6 6 6-6'],
  people: [
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
    'M2.5 20a6.5 6.5 0 0 1 13 0',
    'M16 4.3a3.5 3.5 0 0 1 0 6.4',
    'M18.5 14.5a6.5 6.5 0 0 1 3 5.5',
  ],
  info: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 11v5', 'M12 8h.01'],
  edit: ['M4 20h4L19 9a2.1 2.1 0 0 0-3-3L5 17z'],
  pin: ['M12 17v4', 'M8 3h8', 'M9 3v6l-3 4v2h12v-2l-3-4V3'],
  clock: ['M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z', 'M12 8v4.5l2.5 1.5'],
  tick: ['M5 12.5l4.5 4.5L19 7.5'],
  ticks: ['M2 12.5l4.5 4.5L15 7.5', 'M11.5 16l1 1L21 7.5'],
  alert: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 7.5v5.5', 'M12 16h.01'],
} as const

export type IconName = keyof typeof strokes

/** Decoration: the control that holds it has the label. */
export const Icon = (props: { name: IconName; size?: number }) => (
  <svg
    width={props.size ?? 20}
    height={props.size ?? 20}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width={props.name === 'more' ? 2.6 : 1.7}
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <For each={strokes[props.name]}>{(d) => <path d={d} />}</For>
  </svg>
)
