import { TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../shared/api/contacts.ts'
import { useFields, usePatchContact } from '../../api/contacts.ts'
import { useToast } from '../../app/toast.tsx'
import { Card } from '../../ui/card.tsx'

/** Tags: typed or picked, saved at once. */
export function TagsCard({ contact }: { contact: Contact }) {
  const { t } = useTranslation('app')
  const fields = useFields()
  const patch = usePatchContact(contact.id)
  const toast = useToast()
  return (
    <Card isSmall title={t('contact.tags.title')}>
      <TagsInput
        aria-label={t('contact.tags.title')}
        placeholder={contact.tags.length === 0 ? t('contact.tags.add') : ''}
        data={fields.data?.tags ?? []}
        value={patch.isPending ? (patch.variables.tags ?? contact.tags) : contact.tags}
        onChange={(tags) =>
          patch.mutate({ tags }, { onError: (error) => toast.failed(t('contact.tags.notSaved'), error) })
        }
      />
    </Card>
  )
}
