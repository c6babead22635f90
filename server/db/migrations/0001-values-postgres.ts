/**
 * The functions of ../value-functions.ts for PostgreSQL: comparing values of unknown type by the rules of shared/condition/values.ts. Each
 * takes jsonb or NULL. A property test compares what conditions say here with what they say in memory.
 */

/** What JavaScript calls white space; \\s of PostgreSQL depends on the locale. */
const SPACE = '[\\t\\n\\v\\f\\r \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF]*'
const NUMBER = `^${SPACE}([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)${SPACE}$`
const ISO = `^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(Z|z|[+-][0-9]{2}:?[0-9]{2})?)?$`

const define = (signature: string, returns: string, body: string): string =>
  `CREATE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $value$ ${body} $value$`

export const valueFunctionsPostgres: readonly string[] = [
  define(
    'value_number(given jsonb)',
    'double precision',
    `DECLARE spelled text; exact numeric;
     BEGIN
       IF jsonb_typeof(given) = 'number' THEN RETURN (given #>> '{}')::double precision; END IF;
       IF jsonb_typeof(given) IS DISTINCT FROM 'string' THEN RETURN NULL; END IF;
       IF length(given #>> '{}') >= 64 THEN RETURN NULL; END IF;
       spelled := (regexp_match(given #>> '{}', '${NUMBER}'))[1];
       IF spelled IS NULL THEN RETURN NULL; END IF;
       exact := spelled::numeric;
       -- Beyond what a double can hold, as Number() answers.
       IF abs(exact) > 1.7976931348623157e308 THEN RETURN CASE WHEN exact > 0 THEN 'Infinity' ELSE '-Infinity' END; END IF;
       IF abs(exact) < 5e-324 THEN RETURN 0; END IF;
       RETURN spelled::double precision;
     END`,
  ),
  define(
    'value_instant(given jsonb)',
    'bigint',
    `DECLARE m text[]; y integer; mo integer; d integer; h integer; mi integer; s integer; shifted integer; era integer; yoe integer;
       days bigint; zone bigint;
     BEGIN
       IF jsonb_typeof(given) IS DISTINCT FROM 'string' THEN RETURN NULL; END IF;
       m := regexp_match(given #>> '{}', '${ISO}');
       IF m IS NULL THEN RETURN NULL; END IF;
       y := m[1]; mo := m[2]; d := m[3]; h := coalesce(m[4], '0'); mi := coalesce(m[5], '0'); s := coalesce(m[6], '0');
       IF mo NOT BETWEEN 1 AND 12 OR d < 1 OR h > 23 OR mi > 59 OR s > 59 THEN RETURN NULL; END IF;
       IF d > (CASE WHEN mo = 2 THEN CASE WHEN (y % 4 = 0 AND y % 100 <> 0) OR y % 400 = 0 THEN 29 ELSE 28 END
                   WHEN mo IN (4, 6, 9, 11) THEN 30 ELSE 31 END) THEN RETURN NULL; END IF;
       -- Days since 1970-01-01, as shared/time/calendar.ts counts them; the year 0000 less two months is of the era before.
       shifted := CASE WHEN mo <= 2 THEN y - 1 ELSE y END;
       era := floor(shifted / 400.0);
       yoe := shifted - era * 400;
       days := era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + (153 * (mo + CASE WHEN mo > 2 THEN -3 ELSE 9 END) + 2) / 5 + d - 1 - 719468;
       zone := CASE WHEN m[8] IS NULL OR m[8] IN ('Z', 'z') THEN 0
                    ELSE (CASE WHEN left(m[8], 1) = '-' THEN -1 ELSE 1 END)
                         * (substr(m[8], 2, 2)::integer * 3600000 + right(m[8], 2)::integer * 60000) END;
       RETURN days * 86400000 + h * 3600000 + mi * 60000 + s * 1000 + left(coalesce(m[7], '') || '000', 3)::integer - zone;
     END`,
  ),
  define(
    'value_text(given jsonb)',
    'text',
    `DECLARE n numeric;
     BEGIN
       IF jsonb_typeof(given) = 'string' THEN RETURN given #>> '{}'; END IF;
       IF jsonb_typeof(given) IS DISTINCT FROM 'number' THEN RETURN NULL; END IF;
       n := (given #>> '{}')::numeric;
       IF abs(n) >= 1e21 OR (n <> 0 AND abs(n) < 1e-6) THEN
         RETURN regexp_replace(n::double precision::text, 'e([+-])0+', 'e\\1');
       END IF;
       RETURN given #>> '{}';
     END`,
  ),
  // A list of one is its element where yes and no are compared as text, as String() has it.
  define(
    'value_equals(given jsonb, expected jsonb)',
    'boolean',
    `DECLARE a jsonb := given; b jsonb := expected; number double precision;
     BEGIN
       IF given IS NULL THEN RETURN NULL; END IF;
       IF jsonb_typeof(a) = 'boolean' OR jsonb_typeof(b) = 'boolean' THEN
         WHILE jsonb_typeof(a) = 'array' AND jsonb_array_length(a) = 1 LOOP a := a -> 0; END LOOP;
         WHILE jsonb_typeof(b) = 'array' AND jsonb_array_length(b) = 1 LOOP b := b -> 0; END LOOP;
         RETURN jsonb_typeof(a) NOT IN ('array', 'object') AND jsonb_typeof(b) NOT IN ('array', 'object') AND (a #>> '{}') = (b #>> '{}');
       END IF;
       IF jsonb_typeof(a) = 'number' OR jsonb_typeof(b) = 'number' THEN
         number := value_number(a);
         RETURN number IS NOT NULL AND coalesce(number = value_number(b), FALSE);
       END IF;
       RETURN jsonb_typeof(a) IN ('string', 'null') AND a = b;
     END`,
  ),
  define(
    'value_one_of(given jsonb, expected jsonb)',
    'boolean',
    `BEGIN
       IF given IS NULL THEN RETURN NULL; END IF;
       IF jsonb_typeof(expected) <> 'array' THEN RETURN FALSE; END IF;
       RETURN EXISTS (SELECT 1 FROM jsonb_array_elements(expected) one WHERE value_equals(given, one));
     END`,
  ),
  define(
    'value_has(given jsonb, expected jsonb)',
    'boolean',
    `BEGIN
       IF given IS NULL THEN RETURN NULL; END IF;
       IF jsonb_typeof(given) <> 'array' THEN RETURN FALSE; END IF;
       RETURN EXISTS (SELECT 1 FROM jsonb_array_elements(given) one WHERE value_equals(one, expected));
     END`,
  ),
]
