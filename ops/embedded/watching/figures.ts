/** One figure that the server tells: its type, the labels that tell its samples apart, and what it says. */
type Figure = {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels?: readonly string[]
  readonly doc: string
}

/** Everything at `/metrics`. Counters and histograms count from the start of the process. Nothing names a person. */
export const figures = {
  verbatim_info: {
    type: 'gauge',
    labels: ['version', 'node', 'sockets'],
    doc: 'Always 1; the labels say which version runs, on which Node, and what serves the sockets.',
  },
  process_start_time_seconds: { type: 'gauge', doc: 'When the process started, in seconds since the epoch.' },
  process_cpu_seconds_total: { type: 'counter', doc: 'Processor time of all threads.' },
  process_resident_memory_bytes: { type: 'gauge', doc: 'Memory of the process, all threads together.' },

  verbatim_sockets: { type: 'gauge', doc: 'Open sockets, those that have not signed in yet among them.' },
  verbatim_sockets_signed_in: { type: 'gauge', doc: 'Sockets that are signed in; one for each open tab or app.' },
  verbatim_people: { type: 'gauge', doc: 'People with at least one socket that is signed in.' },
  verbatim_sockets_lagging: {
    type: 'gauge',
    doc: 'Sockets with more than 256 KiB that the other side has not taken; at 1 MiB one is dropped.',
  },
  verbatim_sockets_closed_total: {
    type: 'counter',
    labels: ['why'],
    doc: 'Sockets that closed, by the reason told to them; `gone` where the other side, the network or a full buffer ended it.',
  },
  verbatim_sockets_resumed_total: {
    type: 'counter',
    doc: 'Sockets that came back and were sent what they had missed.',
  },
  verbatim_sockets_resuming: { type: 'gauge', doc: 'Sockets whose backlog is being sent.' },
  verbatim_resets_total: {
    type: 'counter',
    doc: 'Conversations that a client was told to read afresh, since it had missed too much of them.',
  },
  verbatim_frames_malformed_total: { type: 'counter', doc: 'Frames and commands that were not what the schema says.' },
  verbatim_frames_too_fast_total: { type: 'counter', doc: 'Frames that came too fast; each cost its socket.' },
  verbatim_frames_passed_over_total: {
    type: 'counter',
    doc: 'Frames about what is not one’s own, or of a later version, passed over in silence.',
  },

  verbatim_commands_total: {
    type: 'counter',
    labels: ['type', 'outcome'],
    doc: 'Commands answered, over the socket and over HTTP; the outcome is `accepted` or `refused`.',
  },
  verbatim_command_repeats_total: {
    type: 'counter',
    doc: 'Commands that had been carried out before and were answered as then. A rise means that answers get lost.',
  },
  verbatim_refusals_total: {
    type: 'counter',
    labels: ['reason'],
    doc: 'Refusals of every kind by their reason. `too-fast` are the limits; `unavailable` and `disk-full` are ours.',
  },
  verbatim_ack_seconds: {
    type: 'histogram',
    doc: 'From the arrival of a command to its answer, which waits for the disk.',
  },
  verbatim_commands_unanswered: {
    type: 'gauge',
    doc: 'Commands that are being decided or written; at 50,000 new ones are refused.',
  },
  verbatim_append_failures_total: {
    type: 'counter',
    doc: 'Appends to the log that failed or were overtaken; what they held is decided again, or refused to be sent again.',
  },
  verbatim_snapshots_total: {
    type: 'counter',
    doc: 'States of conversations that were put down, so that loading them costs little.',
  },
  verbatim_states_bytes: {
    type: 'gauge',
    doc: 'States of conversations held in memory, roughly; the bound is 64 MiB.',
  },
  verbatim_states: { type: 'gauge', doc: 'How many of them there are.' },

  verbatim_frames_published_total: { type: 'counter', doc: 'Frames of conversations that were published.' },
  verbatim_frames_delivered_total: { type: 'counter', doc: 'The same, each counted for every socket that it went to.' },
  verbatim_http_requests_total: {
    type: 'counter',
    labels: ['status'],
    doc: 'HTTP answers by the hundred of their status.',
  },
  verbatim_failures_total: {
    type: 'counter',
    doc: 'Requests and sign-ins of sockets that failed by a fault of ours. Each has an error line in the log.',
  },

  verbatim_log_head: { type: 'gauge', doc: 'Position of the last event in the log.' },
  verbatim_log_commit_seconds: {
    type: 'histogram',
    doc: 'Time that the disk took for a commit of the log, the fsync included.',
  },
  verbatim_log_commit_events: {
    type: 'histogram',
    doc: 'Events that one commit held; many mean that the disk is the bound, and shared well.',
  },
  verbatim_log_commit_failures_total: {
    type: 'counter',
    labels: ['kind'],
    doc: 'Commits that were undone: `disk-full` or `other`. What they held was not acknowledged.',
  },
  verbatim_log_checkpoint_failures_total: {
    type: 'counter',
    doc: 'Times that what is committed could not be moved from `log.db-wal` into `log.db`. Nothing is lost; the first grows until the disk takes it.',
  },
  verbatim_disk_free_bytes: {
    type: 'gauge',
    doc: 'Room that is left where the data folder lies; under 32 MiB the server is not ready.',
  },

  verbatim_projection_position: {
    type: 'gauge',
    labels: ['projection'],
    doc: 'Position of the last event in a read model.',
  },
  verbatim_projection_behind_events: {
    type: 'gauge',
    labels: ['projection'],
    doc: 'Positions between the read model and the head of the log.',
  },
  verbatim_projection_behind_seconds: {
    type: 'gauge',
    labels: ['projection'],
    doc: 'For how long the log has been beyond the read model; over 10 the server is not ready.',
  },
  verbatim_projection_running: {
    type: 'gauge',
    labels: ['projection', 'state'],
    doc: '1 when it goes on, 0 when it stands still and wants an operator.',
  },
  verbatim_projection_parked_streams: {
    type: 'gauge',
    labels: ['projection'],
    doc: 'Streams that wait behind an event which the projection could not take; see `verbatim dead-letters`.',
  },
  verbatim_rebuild_running: {
    type: 'gauge',
    labels: ['projection', 'phase'],
    doc: '1 while the last rebuild since the start is under way, 0 once it has ended; the phase is then `done` or `failed`.',
  },
  verbatim_rebuild_done_events: {
    type: 'gauge',
    labels: ['projection'],
    doc: 'Events of the log that the rebuild has put into the new model.',
  },
  verbatim_rebuild_log_events: {
    type: 'gauge',
    labels: ['projection'],
    doc: 'Events that were in the log when the rebuild began; near its end those that came meanwhile, too.',
  },
  verbatim_calls_waiting: {
    type: 'gauge',
    labels: ['thread'],
    doc: 'Questions to the thread that reads and the one of identity that are not answered yet.',
  },

  verbatim_event_loop_delay_seconds: {
    type: 'gauge',
    labels: ['quantile'],
    doc: 'How late the main thread came to what was due, since this was last asked; quantile 1 is the worst.',
  },
  verbatim_thread_busy_seconds_total: {
    type: 'counter',
    labels: ['thread'],
    doc: 'Time in which a thread did not wait; a rate near 1 means that it is full.',
  },
  verbatim_thread_silent_seconds: {
    type: 'gauge',
    labels: ['thread'],
    doc: 'Since the thread last turned; it does four times a second.',
  },
  verbatim_thread_heap_bytes: { type: 'gauge', labels: ['thread'], doc: 'JavaScript objects of the thread.' },
  verbatim_thread_external_bytes: {
    type: 'gauge',
    labels: ['thread'],
    doc: 'Buffers and the like that belong to them.',
  },
} as const satisfies Readonly<Record<string, Figure>>

export type FigureName = keyof typeof figures
/** The labels of a figure, each a text; none at all when it has none. */
export type LabelsOf<Name extends FigureName> = (typeof figures)[Name] extends {
  labels: readonly (infer L extends string)[]
}
  ? Readonly<Record<L, string>>
  : undefined

/** The table of the operator's page, as Markdown. */
export const figuresTable = (): string =>
  [
    '| figure | type | labels | what it says |',
    '|---|---|---|---|',
    ...Object.entries<Figure>(figures).map(
      ([name, { type, labels = [], doc }]) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${doc} |`,
    ),
  ].join('\n')
