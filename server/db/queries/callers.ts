/** Who did something, in a name that people recognise. */
import type { Db } from '../open.ts'

type Caller = { kind: 'nobody' } | { kind: 'user'; userId: number } | { kind: 'key'; keyId: number | null }

/** The person's name, or that of the API key. */
export async function nameOf({ sql }: Db, caller: Caller): Promise<string> {
  if (caller.kind === 'user') {
    const user = await sql
      .selectFrom('user_account')
      .select(['name', 'email'])
      .where('id', '=', caller.userId)
      .executeTakeFirst()
    return user === undefined ? '' : user.name || user.email
  }
  if (caller.kind === 'nobody') return ''
  if (caller.keyId === null) return 'PERENNIAL_API_KEY'
  const key = await sql.selectFrom('api_key').select('name').where('id', '=', caller.keyId).executeTakeFirst()
  return key?.name ?? ''
}
