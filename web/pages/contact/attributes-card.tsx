import { ActionIcon, Autocomplete, Button, TextInput } from '@mantine/core'
import { Pencil, Plus, X } from 'lucide-react'
import { type FormEvent, Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../shared/api/contacts.ts'
import { useFields, usePatchContact } from '../../api/contacts.ts'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import cards from '../../ui/card.module.css'
import { Card } from '../../ui/card.tsx'
import { type AttributeValue, valueFromText, valueToText } from './attribute-value.ts'
import styles from './contact-page.module.css'

/** What we know about this person; every value can be changed, added, removed. */
export function AttributesCard({ contact }: { contact: Contact }) {
  const { t } = useTranslation('app')
  const [edited, setEdited] = useState<string | null>(null)
  const [isAdding, setIsAdding] = useState(false)
  const patch = usePatchContact(contact.id)
  const toast = useToast()
  const entries = Object.entries(contact.attributes).sort(([a], [b]) => a.localeCompare(b))
  const set = (key: string, value: AttributeValue | null): void =>
    patch.mutate(
      { attributes: { [key]: value } },
      {
        onSuccess: () => {
          setEdited(null)
          setIsAdding(false)
        },
        onError: (error) => toast.failed(t('contact.attributes.notSaved', { name: key }), error),
      },
    )
  const remove = (key: string): void => {
    const before = contact.attributes[key] ?? null
    patch.mutate(
      { attributes: { [key]: null } },
      {
        onSuccess: () =>
          toast.undoable(t('contact.attributes.removed', { name: key }), () =>
            patch.mutate({ attributes: { [key]: before } }),
          ),
        onError: (error) => toast.failed(t('contact.attributes.notSaved', { name: key }), error),
      },
    )
  }
  return (
    <Card
      isSmall
      title={t('contact.attributes.title')}
      aside={
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<Plus size={14} aria-hidden="true" />}
          onClick={() => setIsAdding(true)}
        >
          {t('contact.attributes.add')}
        </Button>
      }
    >
      {entries.length === 0 && !isAdding && <p className={cards.hint}>{t('contact.attributes.empty')}</p>}
      <dl className={styles.pairs}>
        {entries.map(([key, value]) => (
          <Fragment key={key}>
            <dt title={key}>{key}</dt>
            {edited === key ? (
              <ValueEditor
                name={key}
                before={value}
                isBusy={patch.isPending}
                onSave={(saved) => set(key, saved)}
                onClose={() => setEdited(null)}
              />
            ) : (
              <ShownValue name={key} value={value} onEdit={() => setEdited(key)} onRemove={() => remove(key)} />
            )}
          </Fragment>
        ))}
      </dl>
      {isAdding && <NewAttribute isBusy={patch.isPending} onSave={set} onClose={() => setIsAdding(false)} />}
    </Card>
  )
}

type ShownProps = { name: string; value: unknown; onEdit: () => void; onRemove: () => void }

function ShownValue({ name, value, onEdit, onRemove }: ShownProps) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value)
  return (
    <>
      <dd>{valueToText(value, format, t)}</dd>
      <dd className={styles.buttons}>
        {isPlain && (
          <ActionIcon size="md" aria-label={t('contact.attributes.edit', { name })} onClick={onEdit}>
            <Pencil size={14} aria-hidden="true" />
          </ActionIcon>
        )}
        <ActionIcon size="md" aria-label={t('contact.attributes.remove', { name })} onClick={onRemove}>
          <X size={14} aria-hidden="true" />
        </ActionIcon>
      </dd>
    </>
  )
}

type EditorProps = {
  name: string
  before: unknown
  isBusy: boolean
  onSave: (value: AttributeValue) => void
  onClose: () => void
}

function ValueEditor({ name, before, isBusy, onSave, onClose }: EditorProps) {
  const { t } = useTranslation('app')
  const [text, setText] = useState(typeof before === 'string' ? before : String(before))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSave(valueFromText(text, typeof before))
  }
  return (
    <dd className={styles.spread}>
      <form onSubmit={submit} className={styles.form} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
        <TextInput
          data-autofocus
          autoFocus
          aria-label={t('contact.attributes.value', { name })}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button size="xs" onClick={onClose}>
            {t('dialog.cancel')}
          </Button>
          <Button size="xs" type="submit" loading={isBusy}>
            {t('dialog.save')}
          </Button>
        </div>
      </form>
    </dd>
  )
}

type NewProps = { isBusy: boolean; onSave: (key: string, value: AttributeValue) => void; onClose: () => void }

function NewAttribute({ isBusy, onSave, onClose }: NewProps) {
  const { t } = useTranslation('app')
  const fields = useFields()
  const [key, setKey] = useState('')
  const [text, setText] = useState('')
  const type = fields.data?.attributes.find((attribute) => attribute.key === key)?.type
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (key.trim() !== '' && text !== '')
      onSave(key.trim(), valueFromText(text, type === 'number' || type === 'boolean' ? type : 'string'))
  }
  return (
    <form onSubmit={submit} className={styles.form}>
      <Autocomplete
        autoFocus
        label={t('contact.attributes.name')}
        value={key}
        onChange={setKey}
        data={(fields.data?.attributes ?? []).map((attribute) => attribute.key)}
      />
      <TextInput
        label={t('contact.attributes.newValue')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={styles.buttons}>
        <Button size="xs" onClick={onClose}>
          {t('dialog.cancel')}
        </Button>
        <Button size="xs" type="submit" loading={isBusy} disabled={key.trim() === '' || text === ''}>
          {t('dialog.save')}
        </Button>
      </div>
    </form>
  )
}
