/** Values as JSON texts, in place of what a field wants. Some are no JSON, and some no value that JSON can hold. */
export const hostileValues: readonly string[] = [
  ...['null', 'true', 'false', '{}', '[]', '[[]]', '""', '" "', 'undefined', 'NaN', '01', '.5', '+1', "'x'", '{a:1}'],
  ...['0', '-0', '-1', '1.5', '1e999', '-1e999', '1e-999', '9007199254740993', '2147483648', '4294967296', '1e21'],
  '9'.repeat(400),
  `1${'0'.repeat(5_000)}`,
  // Operators of the databases that would take one for a query.
  ...['{"$ne":null}', '{"$gt":""}', '{"$where":"sleep(1000)"}', '{"$regex":"^(a+)+$"}', '{"$in":[null]}'],
  // Ways into prototypes, as keys and as values.
  ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}', '{"toString":1,"valueOf":2}'],
  ...['"__proto__"', '"constructor"', '"prototype"', '"toString"', '"hasOwnProperty"', '"then"', '{"then":"x"}'],
  ...['{"toJSON":"x"}', '{"length":1e9}', '{"0":"a","1":"b","length":2}'],
  // Texts that are no text, show nothing, or show too much.
  ...['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"x\\udfff"', '"\\uffff"', '"\\u200b"', '"\\u202e"'],
  ...['"\\ud83d"', '"\u{feff}"', '"e\\u0301"', `"e${'\\u0301'.repeat(500)}"`, `"${'\u{1f468}\u{200d}'.repeat(20)}"`],
  ...['"\u{1f1e9}\u{1f1ea}\u{1f1e9}"', '"1\ufe0f\u20e3"', '"\u{1f44d}\u{1f3fd}\u{1f3fd}"', '"\u212a"', '"\u0130"'],
  ...[
    '"\r\nSet-Cookie: a=b"',
    '"\\r\\nSet-Cookie: a=b"',
    '"../../etc/passwd"',
    '"%00"',
    '"\' OR 1=1 --"',
    '"a*"',
    '"%"',
  ],
  ...['"<script>alert(1)</script>"', '"javascript:alert(1)"', '"{{7*7}}"', '"\\\\"', '"\\x41"', '"\\u12"'],
  // Ids that are nearly ids.
  ...['"01arz3ndektsv4rrffq69g5fav"', '"8ZZZZZZZZZZZZZZZZZZZZZZZZZ"', '"7ZZZZZZZZZZZZZZZZZZZZZZZZZ"'],
  ...[
    '"00000000000000000000000000"',
    '"D0000000000000000000000000"',
    '"DIIIIIIIIIIIIIIIIIIIIIIIII"',
    '"01ARZ3NDEKTSV4RRFFQ69G5FA"',
  ],
  ...['"01ARZ3NDEKTSV4RRFFQ69G5FAV\\n"', '["01ARZ3NDEKTSV4RRFFQ69G5FAV"]', '{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}'],
  ...['"2026-13-99T99:99:99Z"', '"0000-01-01T00:00:00Z"', '"+275760-09-13T00:00:00.001Z"', '"2026-01-31"', '"1e3"'],
  // What makes careless expressions run for hours.
  `"${'a'.repeat(5_000)}!"`,
  `"${' '.repeat(10_000)}x"`,
  `"${'a@'.repeat(3_000)}"`,
  `"${'\\u0061'.repeat(2_000)}"`,
  // Past the limits of texts, frames, depth and width.
  `"${'x'.repeat(8_001)}"`,
  `"${'\u{1f600}'.repeat(8_000)}"`,
  `"${'x'.repeat(70_000)}"`,
  `${'['.repeat(16)}${']'.repeat(16)}`,
  `${'['.repeat(17)}${']'.repeat(17)}`,
  `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
  '['.repeat(30_000),
  `${'['.repeat(15_000)}${']'.repeat(15_000)}`,
  `[${'null,'.repeat(5_000)}null]`,
  `[${'"01ARZ3NDEKTSV4RRFFQ69G5FAV",'.repeat(1_500)}"01ARZ3NDEKTSV4RRFFQ69G5FAV"]`,
  `{${Array.from({ length: 3_000 }, (_, n) => `"k${n}":${n}`).join(',')}}`,
  `{${'"k":1,'.repeat(5_000)}"k":2}`,
]

/** Fields that nobody asked for, and fields once more. */
export const hostileFields: readonly string[] = [
  ...['"__proto__":{"admin":true}', '"constructor":{"prototype":{"admin":true}}', '"prototype":{}', '"by":"root"'],
  ...['"type":"ping"', '"type":"Register"', '"type":"hello"', '"id":null', '"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"'],
  ...['"":1', '"\\u0000":1', '"\\ud800":1', '"$where":"1"', '"body":null', '"user":{"$ne":1}', '"conversation":[]'],
  ...['"\\u0074ype":"ping"', '"\\u005f_proto__":1', `"${'k'.repeat(20_000)}":1`],
]
