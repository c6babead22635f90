import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../shared/api/contacts.ts'
import { usePatchContact } from '../../api/contacts.ts'
import { FormProblem } from '../../app/form-problem.tsx'
import { useFormat } from '../../app/use-format.ts'
import { ZoneSelect } from '../../app/zone-select.tsx'
import { Card } from '../../ui/card.tsx'
import styles from './contact-page.module.css'

/** Address, id elsewhere, zone, language, and since when we know them. */
export function IdentityCard({ contact }: { contact: Contact }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const [isEditing, setIsEditing] = useState(false)
  const rows = [
    ['email', contact.email],
    ['externalId', contact.externalId],
    ['timezone', contact.timezone],
    ['locale', contact.locale],
    ['createdAt', format.moment(contact.createdAt)],
  ] as const
  return (
    <Card
      isSmall
      title={t('contact.identity.title')}
      aside={
        isEditing ? null : (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<Pencil size={14} aria-hidden="true" />}
            onClick={() => setIsEditing(true)}
          >
            {t('contact.identity.edit')}
          </Button>
        )
      }
    >
      {isEditing ? (
        <IdentityForm contact={contact} onClose={() => setIsEditing(false)} />
      ) : (
        <dl className={styles.pairs}>
          {rows.map(([name, value]) => (
            <div key={name} className={styles.pair}>
              <dt>{t(`contact.identity.${name}`)}</dt>
              <dd className={`num ${styles.spread}`}>{value ?? '–'}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  )
}

function IdentityForm({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation('app')
  const patch = usePatchContact(contact.id)
  const form = useForm({
    initialValues: {
      email: contact.email ?? '',
      externalId: contact.externalId ?? '',
      timezone: contact.timezone ?? '',
      locale: contact.locale ?? '',
    },
  })
  const save = (values: typeof form.values): void =>
    patch.mutate(
      {
        email: values.email.trim() || null,
        externalId: values.externalId.trim() || null,
        timezone: values.timezone || null,
        locale: values.locale.trim() || null,
      },
      { onSuccess: onClose },
    )
  return (
    <form className={styles.form} onSubmit={form.onSubmit(save)}>
      <TextInput type="email" label={t('contact.identity.email')} {...form.getInputProps('email')} />
      <TextInput label={t('contact.identity.externalId')} {...form.getInputProps('externalId')} />
      <ZoneSelect
        isOptional
        label={t('contact.identity.timezone')}
        value={form.values.timezone}
        onChange={(zone) => form.setFieldValue('timezone', zone)}
      />
      <TextInput label={t('contact.identity.locale')} placeholder="vi" {...form.getInputProps('locale')} />
      {patch.error !== null && <FormProblem error={patch.error} what={t('contact.identity.notSaved')} />}
      <div className={styles.buttons}>
        <Button size="xs" onClick={onClose}>
          {t('dialog.cancel')}
        </Button>
        <Button size="xs" type="submit" loading={patch.isPending}>
          {t('dialog.save')}
        </Button>
      </div>
    </form>
  )
}
