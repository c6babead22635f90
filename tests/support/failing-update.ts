/** A database that loses the contact a step wants to change, after the step itself was written. */
import type { Store } from '../../server/db/hot/store.ts'
import type { Db } from '../../server/db/open.ts'

export function failingUpdate(db: Db, isConcerned: (enrollmentId: number) => boolean = () => true): Db {
  let isNext = false
  const failing = (store: Store): Store => ({
    ...store,
    writeActivations(writes) {
      isNext = writes.enrollments.some((row) => row.status !== 'failed' && isConcerned(row.id))
      return store.writeActivations(writes)
    },
    async findContacts(ids) {
      if (isNext) {
        isNext = false
        throw new Error('cannot read this one')
      }
      return store.findContacts(ids)
    },
  })
  return { ...db, storeIn: (sql) => failing(db.storeIn(sql)) }
}
