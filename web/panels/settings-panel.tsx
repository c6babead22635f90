import { Autocomplete, NativeSelect, SegmentedControl, Text, TextInput } from '@mantine/core'
import { Settings } from 'lucide-react'
import type { WorkflowSettings } from '../../shared/workflow/document.ts'
import { rename, updateSettings } from '../../shared/workflow/edit.ts'
import { plainLiquid } from '../../shared/workflow/step-names.ts'
import { useEditor, useEditorStore } from '../editor/context.tsx'
import { AudienceCountNote } from './condition/audience-count.tsx'
import { ConditionBuilder } from './condition/condition-builder.tsx'
import type { RuleKind } from './condition/tree.ts'
import { DurationField } from './duration-field.tsx'
import type { PanelTools } from './panel-context.ts'
import { PanelHead, ProblemList } from './panel-head.tsx'
import { concurrencyOf, modeOf, reentryOf } from './settings-modes.ts'
import css from './side-panel.module.css'

const WHO: readonly RuleKind[] = ['attribute', 'event', 'tag', 'consent']
const LEAVES: readonly RuleKind[] = ['event', 'attribute', 'tag', 'consent', 'message']

/** What holds for the whole workflow: who may enter and how often, when people leave, and how mail is treated. */
export function SettingsPanel({ tools, close }: { tools: PanelTools; close(): void }) {
  const store = useEditorStore()
  const document = useEditor((s) => s.document)
  const problems = useEditor((s) => s.problems)
  const { t } = tools.text
  const set = (changes: Partial<WorkflowSettings>, field: string) =>
    store.getState().apply({ key: 'change-settings' }, (doc) => updateSettings(doc, changes), `settings.${field}`)
  const mine = problems.filter((p) => p.path.startsWith('settings'))
  return (
    <>
      <PanelHead
        tools={tools}
        close={close}
        nodeId={null}
        tile={<Settings size={22} aria-hidden />}
        kindLine={t('settings.about')}
      >
        <h2 className={css.title}>{t('settings.title')}</h2>
      </PanelHead>
      <div className={css.body}>
        <ProblemList problems={mine} tools={tools} />
        <TextInput
          label={t('settings.name')}
          value={document.name}
          maxLength={200}
          onChange={(event) => {
            const name = event.currentTarget.value
            if (name !== '') store.getState().apply({ key: 'rename' }, (doc) => rename(doc, name), 'name')
          }}
        />
        <MailClass settings={document.settings} tools={tools} set={set} />
        <Entry settings={document.settings} tools={tools} set={set} />
        <People settings={document.settings} tools={tools} set={set} />
        <Autocomplete
          label={t('settings.zone')}
          description={t('settings.zone-hint')}
          value={document.settings.timezone === 'workspace' ? '' : String(document.settings.timezone)}
          placeholder={t('settings.zone-workspace')}
          data={Intl.supportedValuesOf('timeZone')}
          limit={40}
          onChange={(zone) => set({ timezone: zone === '' ? 'workspace' : zone }, 'zone')}
        />
        <DurationField
          text={tools.text}
          label={t('settings.lateness')}
          hint={t('settings.lateness-hint')}
          value={document.settings.maxLateness}
          onChange={(maxLateness) => set({ maxLateness }, 'lateness')}
        />
      </div>
    </>
  )
}

type PartProps = {
  settings: WorkflowSettings
  tools: PanelTools
  set(changes: Partial<WorkflowSettings>, field: string): void
}

function MailClass({ settings, tools, set }: PartProps) {
  const { t } = tools.text
  const messageClass = settings.messageClass === 'transactional' ? 'transactional' : 'marketing'
  return (
    <div>
      <Text size="sm" fw={600} mb={4} id="settings-class">
        {t('settings.class')}
      </Text>
      <SegmentedControl
        fullWidth
        aria-labelledby="settings-class"
        value={messageClass}
        data={['marketing', 'transactional'].map((value) => ({ value, label: t(`settings.class-${value}`) }))}
        onChange={(value) => set({ messageClass: value === 'transactional' ? 'transactional' : 'marketing' }, 'class')}
      />
      <Text size="xs" mt={4} c="dimmed">
        {t(`settings.class-${messageClass}-hint`)}
      </Text>
    </div>
  )
}

function Entry({ settings, tools, set }: PartProps) {
  const { t } = tools.text
  const { reentry, concurrency } = settings
  const every = typeof reentry === 'object' && reentry !== null && 'every' in reentry ? reentry.every : null
  const perKey =
    typeof concurrency === 'object' && concurrency !== null && 'perKey' in concurrency ? concurrency.perKey : null
  const options = (group: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`settings.${group}.${value}`) }))
  return (
    <>
      <NativeSelect
        label={t('settings.reentry-label')}
        data={options('reentry', ['once', 'after-exit', 'always', 'every'])}
        value={modeOf(reentry, 'every')}
        onChange={(event) => set({ reentry: reentryOf(event.currentTarget.value) }, 'reentry')}
      />
      {every !== null && (
        <DurationField
          text={tools.text}
          label={t('settings.every')}
          value={every}
          onChange={(iso) => set({ reentry: { every: iso } }, 'reentry')}
        />
      )}
      <NativeSelect
        label={t('settings.concurrency-label')}
        data={options('concurrency', ['one', 'many', 'perKey'])}
        value={modeOf(concurrency, 'perKey')}
        onChange={(event) => set({ concurrency: concurrencyOf(event.currentTarget.value) }, 'concurrency')}
      />
      {perKey !== null && (
        <Autocomplete
          label={t('settings.per-key')}
          value={perKey}
          data={[...new Set(tools.server.fields.events.flatMap((e) => e.properties))]}
          onChange={(key) => set({ concurrency: { perKey: key } }, 'concurrency')}
        />
      )}
    </>
  )
}

function People({ settings, tools, set }: PartProps) {
  const { t } = tools.text
  const emails = useEditor((s) => s.document.emails)
  const names = {
    fields: tools.server.fields,
    emails: Object.fromEntries(Object.entries(emails).map(([key, mail]) => [key, plainLiquid(mail.subject) || key])),
    eventName: null,
  }
  return (
    <>
      <div className={css.rule}>
        <h3 className={css.section}>{t('settings.audience')}</h3>
        {settings.audience === null && (
          <Text size="sm" c="dimmed">
            {t('settings.everybody')}
          </Text>
        )}
        <ConditionBuilder
          condition={settings.audience}
          onChange={(audience) => set({ audience }, 'audience')}
          names={names}
          kinds={WHO}
          text={tools.text}
        />
        <AudienceCountNote condition={settings.audience} server={tools.server} text={tools.text} />
      </div>
      <div className={css.rule}>
        <h3 className={css.section}>{t('settings.exit-when')}</h3>
        {settings.exitWhen === null && (
          <Text size="sm" c="dimmed">
            {t('settings.never')}
          </Text>
        )}
        <ConditionBuilder
          condition={settings.exitWhen}
          onChange={(exitWhen) => set({ exitWhen }, 'exitWhen')}
          names={names}
          kinds={LEAVES}
          text={tools.text}
        />
      </div>
    </>
  )
}
