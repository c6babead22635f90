import { Button, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { ContactBody } from '../../../shared/api/contacts.ts'
import { usePutContact } from '../../api/contacts.ts'
import { FormProblem } from '../../app/form-problem.tsx'
import cards from '../../ui/card.module.css'

type Values = {
  email: string
  firstName: string
  lastName: string
  consent: '' | 'granted' | 'unknown'
  source: string
}
const EMPTY: Values = { email: '', firstName: '', lastName: '', consent: '', source: '' }

/** Add one person by hand. Consent is a question: nothing is preselected and the button waits for it. */
export function AddPerson({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app')
  const navigate = useNavigate()
  const put = usePutContact()
  const form = useForm<Values>({
    initialValues: EMPTY,
    validate: { email: (value) => (value.includes('@') ? null : t('addPerson.email.bad')) },
  })
  const close = (): void => {
    onClose()
    form.reset()
    put.reset()
  }
  const save = (values: Values): void =>
    put.mutate(bodyOf(values), {
      onSuccess: ({ data }) => {
        close()
        void navigate(`/contacts/${data.id}`)
      },
    })
  const { consent } = form.values
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('addPerson.title')}
      closeButtonProps={{ 'aria-label': t('dialog.close') }}
    >
      <form onSubmit={form.onSubmit(save)} noValidate>
        <Stack gap="md">
          <TextInput
            label={t('addPerson.email.label')}
            type="email"
            autoComplete="off"
            data-autofocus
            required
            {...form.getInputProps('email')}
          />
          <div className={cards.fields}>
            <TextInput label={t('addPerson.firstName')} autoComplete="off" {...form.getInputProps('firstName')} />
            <TextInput label={t('addPerson.lastName')} autoComplete="off" {...form.getInputProps('lastName')} />
          </div>
          <Radio.Group label={t('addPerson.consent.label')} {...form.getInputProps('consent')}>
            <Stack gap="sm" mt="xs">
              <Radio value="granted" label={t('addPerson.consent.granted')} />
              <Radio value="unknown" label={t('addPerson.consent.unknown')} />
            </Stack>
          </Radio.Group>
          {consent === 'granted' && (
            <TextInput
              label={t('addPerson.source.label')}
              description={t('addPerson.source.hint')}
              {...form.getInputProps('source')}
            />
          )}
          {put.error !== null && <FormProblem error={put.error} what={t('addPerson.failed')} />}
          <div className={cards.foot}>
            {consent === '' && <span className={cards.hint}>{t('addPerson.waits')}</span>}
            <Button onClick={close}>{t('dialog.cancel')}</Button>
            <Button type="submit" variant="filled" disabled={consent === ''} loading={put.isPending}>
              {t('addPerson.save')}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  )
}

function bodyOf({ email, firstName, lastName, consent, source }: Values): ContactBody {
  const names = { first_name: firstName.trim(), last_name: lastName.trim() }
  return {
    email: email.trim(),
    attributes: Object.fromEntries(Object.entries(names).filter(([, value]) => value !== '')),
    ...(consent === 'granted'
      ? { consent: { marketing: { status: 'granted', ...(source.trim() === '' ? {} : { source: source.trim() }) } } }
      : {}),
  }
}
