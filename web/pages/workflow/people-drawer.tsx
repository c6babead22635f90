import { Button, Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { StepPeople } from '../../../shared/api/workflows.ts'
import { outsOf } from '../../../shared/workflow/kinds.ts'
import { type PeopleState, stepPeople } from '../../api/stats.ts'
import { labelOf } from '../../canvas/to-flow.ts'
import { useEditor } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import { nameOfNode } from '../../editor/use-edits.ts'
import { useReturnFocus } from '../../editor/use-return-focus.ts'
import css from './dialogs.module.css'

/** `stepId: null` is the whole workflow; a trigger's number is everybody who came in. */
export type PeopleTarget = { stepId: string | null; state: string; path: string | null }
/** In place of a step: everybody of the workflow, once. */
const WHOLE = '_all'
const STATES: readonly PeopleState[] = [
  'entered',
  'finished',
  'waiting',
  'passed',
  'exited',
  'sent',
  'opened',
  'clicked',
  'openedMachine',
  'clickedMachine',
  'skipped',
  'failed',
  'uncertain',
  'queued',
]
const PAGE = 50

type Props = { text: BuilderText; workflowId: string; target: PeopleTarget; onClose(): void }

/** The people behind a number, page by page, each with the way to their page. */
export function PeopleDrawer({ text, workflowId, target, onClose }: Props) {
  const { t, formats } = text
  useReturnFocus()
  const list = usePeople(workflowId, target)
  const title = useTitle(target, text)
  const people = list.data?.pages.flatMap((page) => page.items) ?? []
  const first = people[0]
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={440}
      title={<span className={css.drawerTitle}>{title}</span>}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {list.isError && (
        <p role="alert" className={css.say}>
          {t('people.failed')} {list.error.message}
        </p>
      )}
      {list.isSuccess && people.length === 0 && <p className={css.say}>{t('people.none')}</p>}
      {first !== undefined && <p className={css.small}>{t('people.zone', { zone: formats.zone(first.at) })}</p>}
      <ul className={css.people} aria-label={t('people.list')}>
        {people.map((person) => (
          <PersonRow key={`${person.enrollmentId}:${person.at}`} person={person} text={text} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button fullWidth loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('people.more')}
        </Button>
      )}
      {list.isSuccess && people.length > 0 && !list.hasNextPage && (
        <p className={css.small}>{t('people.all', { count: people.length, number: formats.count(people.length) })}</p>
      )}
    </Drawer>
  )
}

function PersonRow({ person, text: { t, formats } }: { person: StepPeople['items'][number]; text: BuilderText }) {
  return (
    <li>
      <Link to={`/contacts/${person.contactId}`} className={css.person}>
        {person.name ?? person.email ?? t('audience.nameless')}
      </Link>
      {person.name !== null && person.email !== null && <div className={css.small}>{person.email}</div>}
      <div className={css.small}>
        {formats.listed(person.at)}
        {person.until !== null && ` · ${t('people.until', { time: formats.listed(person.until) })}`}
        {person.detail !== null && ` · ${t(`why:${person.detail}`)}`}
      </div>
    </li>
  )
}

const isWhole = ({ stepId }: PeopleTarget): boolean => stepId === null || stepId.startsWith('trigger:')
const stateOf = (target: PeopleTarget): PeopleState => STATES.find((state) => state === target.state) ?? 'entered'

function usePeople(workflowId: string, target: PeopleTarget) {
  const state = stateOf(target)
  const stepId = isWhole(target) || target.stepId === null ? WHOLE : target.stepId
  return useInfiniteQuery({
    queryKey: ['people', workflowId, stepId, state, target.path],
    queryFn: ({ pageParam }) =>
      stepPeople(workflowId, stepId, {
        state,
        limit: PAGE,
        ...(target.path === null || target.path === 'next' ? {} : { path: target.path }),
        ...(pageParam === undefined ? {} : { cursor: pageParam }),
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: 5_000,
    retry: 1,
  })
}

/** Whose people: of the workflow, of a step, or of one of its ways ("Short or long?: Short, 75%"). */
function useTitle(target: PeopleTarget, text: BuilderText): string {
  const document = useEditor((s) => s.document)
  const state = text.t(`number.${stateOf(target)}`)
  if (isWhole(target) || target.stepId === null) return `${document.name}: ${state}`
  const step = document.steps.find(({ id }) => id === target.stepId)
  const out = step === undefined ? undefined : outsOf(step).find(({ port }) => port === target.path)
  const way = step === undefined || out === undefined ? null : labelOf(step, out.label, out.port, text)
  return `${nameOfNode(document, target.stepId, text)}: ${way ?? state}`
}
