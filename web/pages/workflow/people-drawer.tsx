import { Button, Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type PeopleState, stepPeople } from '../../api/stats.ts'
import { useEditorStore } from '../../editor/context.tsx'
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

/** The people behind a number, page by page, each with the way to their page. */
export function PeopleDrawer({
  text,
  workflowId,
  target,
  onClose,
}: {
  text: BuilderText
  workflowId: string
  target: PeopleTarget
  onClose(): void
}) {
  const { t, formats } = text
  useReturnFocus()
  const store = useEditorStore()
  const isWhole = target.stepId === null || target.stepId.startsWith('trigger:')
  const state = STATES.find((s) => s === target.state) ?? 'entered'
  const stepId = isWhole || target.stepId === null ? WHOLE : target.stepId
  const list = useInfiniteQuery({
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
  const people = list.data?.pages.flatMap((page) => page.items) ?? []
  const first = people[0]
  const where =
    isWhole || target.stepId === null
      ? store.getState().document.name
      : nameOfNode(store.getState().document, target.stepId, text)
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={440}
      title={<span className={css.drawerTitle}>{`${where}: ${t(`number.${state}`)}`}</span>}
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
          <li key={`${person.enrollmentId}:${person.at}`}>
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
