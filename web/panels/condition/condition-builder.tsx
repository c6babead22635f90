import { Menu } from '@mantine/core'
import { Plus, X } from 'lucide-react'
import type { Condition } from '../../../shared/condition/schema.ts'
import type { BuilderText } from '../../editor/text.ts'
import type { Names } from './choices.ts'
import { partsOf, readBack } from './clause-parts.ts'
import css from './condition.module.css'
import { SlotEditor } from './slot-editor.tsx'
import { PickList, Token } from './token.tsx'
import {
  type At,
  addTo,
  conditionOf,
  freshRule,
  type Group,
  isGroup,
  type Join,
  joinBy,
  type Rule,
  type RuleKind,
  removeAt,
  replaceAt,
  treeOf,
} from './tree.ts'

export type ConditionBuilderProps = {
  condition: Condition | null
  onChange(condition: Condition | null): void
  names: Names
  /** Which kinds of rule make sense here. */
  kinds: readonly RuleKind[]
  text: BuilderText
}
type Inner = Omit<ConditionBuilderProps, 'condition' | 'onChange'> & { root: Group; change(root: Group): void }

/** A condition as a sentence with changeable parts. The joining word stands at each line, so that precedence cannot be misread. */
export function ConditionBuilder({ condition, onChange, ...rest }: ConditionBuilderProps) {
  const root = treeOf(condition)
  const inner: Inner = { ...rest, root, change: (next) => onChange(conditionOf(next)) }
  const isWorthReading =
    condition !== null && (root.items.length > 1 || root.join === 'none' || root.items.some(isGroup))
  return (
    <>
      <GroupView {...inner} group={root} at={[]} />
      {isWorthReading && (
        <p className={css.readBack}>
          <span className={css.readBackName}>{rest.text.t('cond.read-back')}</span>{' '}
          {readBack(condition, rest.text, rest.names.emails)}
        </p>
      )}
    </>
  )
}

const JOINS: readonly Join[] = ['all', 'any', 'none']

function GroupView({ group, at, ...inner }: Inner & { group: Group; at: At }) {
  const { t } = inner.text
  const showsHead = at.length > 0 || group.items.length > 1 || group.join === 'none'
  const joins = JOINS.map((join) => ({ value: join, label: t(`words:group.head.${join}`) }))
  return (
    <div className={showsHead ? css.group : undefined} data-join={group.join}>
      {showsHead && (
        <div className={css.head}>
          <Token text={t(`words:group.head.${group.join}`)} label={t('cond.change')}>
            {(close) => (
              <PickList
                label={t('cond.choose.join')}
                options={joins}
                value={group.join}
                onPick={(join) => {
                  inner.change(joinBy(inner.root, at, join))
                  close()
                }}
              />
            )}
          </Token>
        </div>
      )}
      {group.items.map((item, index) => {
        const here = [...at, index]
        const word = showsHead ? joiningWord(group, index, inner.text) : ''
        const key = here.join('.')
        return (
          <div key={key} className={css.row}>
            {showsHead && <span className={css.join}>{word}</span>}
            <div className={css.clause}>
              {isGroup(item) ? (
                <GroupView {...inner} group={item} at={here} />
              ) : (
                <Clause {...inner} rule={item} at={here} />
              )}
            </div>
            <button
              type="button"
              className={css.remove}
              aria-label={t('cond.remove')}
              title={t('cond.remove')}
              onClick={() => inner.change(removeAt(inner.root, here))}
            >
              <X size={14} aria-hidden />
            </button>
          </div>
        )
      })}
      <Adders {...inner} at={at} />
    </div>
  )
}

/** The word at the start of a line; "both" only where there are two. */
function joiningWord(group: Group, index: number, { t }: BuilderText): string {
  if (index > 0) return t(`words:group.next.${group.join}`)
  return group.join === 'all' && group.items.length !== 2 ? '' : t(`words:group.first.${group.join}`)
}

function Adders({ at, root, change, kinds, names, text: { t } }: Inner & { at: At }) {
  const add = (kind: RuleKind) => {
    const first = {
      ...(names.fields.attributes[0] === undefined ? {} : { attribute: names.fields.attributes[0].key }),
      ...(names.fields.events[0] === undefined ? {} : { event: names.fields.events[0].name }),
      ...(names.fields.tags[0] === undefined ? {} : { tag: names.fields.tags[0] }),
      ...(Object.keys(names.emails)[0] === undefined ? {} : { email: Object.keys(names.emails)[0] ?? '' }),
    }
    change(addTo(root, at, freshRule(kind, first)))
  }
  return (
    <div className={css.adders}>
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button" className={css.adder}>
            <Plus size={13} aria-hidden /> {t('cond.add-rule')}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {kinds.map((kind) => (
            <Menu.Item key={kind} onClick={() => add(kind)}>
              {t(`cond.kind.${kind}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <button
        type="button"
        className={css.adder}
        onClick={() => change(addTo(root, at, { join: 'any', items: [freshRule(kinds[0] ?? 'attribute', {})] }))}
      >
        <Plus size={13} aria-hidden /> {t('cond.add-group')}
      </button>
    </div>
  )
}

function Clause({ rule, at, root, change, names, text, kinds }: Inner & { rule: Rule; at: At }) {
  const set = (changed: Rule) => change(replaceAt(root, at, changed))
  const remove = () => change(removeAt(root, at))
  const { t } = text
  return (
    <>
      {partsOf(rule, text, names.emails).map((part, index) =>
        part.kind === 'words' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a template have no identity but their place
          <span key={index} className={css.words}>
            {part.text}{' '}
          </span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above; one choice can stand behind two pieces
          <span key={index}>
            <Token text={part.text} label={t('cond.change')} onRemove={remove}>
              {(close) => (
                <SlotEditor slot={part.slot} rule={rule} names={names} text={text} onChange={set} close={close} />
              )}
            </Token>{' '}
          </span>
        ),
      )}
      {'event' in rule && kinds.includes('event') && <Where rule={rule} names={names} text={text} onChange={set} />}
    </>
  )
}

/** What must be true of the event itself. */
function Where({
  rule,
  names,
  text,
  onChange,
}: {
  rule: Extract<Rule, { event: string }>
  names: Names
  text: BuilderText
  onChange(rule: Rule): void
}) {
  const { t } = text
  if (rule.where === undefined || rule.where === null)
    return (
      <button
        type="button"
        className={css.adder}
        onClick={() => onChange({ ...rule, where: freshRule('property', {}) })}
      >
        <Plus size={13} aria-hidden /> {t('cond.add-where')}
      </button>
    )
  const change = (where: Condition | null) => {
    const { where: _where, ...rest } = rule
    onChange(where === null ? rest : { ...rest, where })
  }
  return (
    <div className={css.where}>
      <ConditionBuilder
        condition={rule.where}
        onChange={change}
        names={{ ...names, eventName: rule.event }}
        kinds={['property']}
        text={text}
      />
    </div>
  )
}
