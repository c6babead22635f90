/** The look of the reference page: the product's paper, ink and one green, in both schemes, from 320 px on. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --paper:#F6F5F0; --raised:#FFFFFF; --sunken:#EEECE4; --line:#CFCBBE; --control:#85887A; --ink:#22271F; --ink2:#4F564A; --ink3:#666C60; --leaf:#24593B; --wash:#E6F0E4; --ring:#2D6A47;
  --get:#2A5F86; --post:#24593B; --put:#84520A; --delete:#B02A20; font: 14px/1.5 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", system-ui, sans-serif }
@media (prefers-color-scheme: dark) { :root { --paper:#161916; --raised:#262B26; --sunken:#121512; --line:#454C43; --control:#7C8478; --ink:#ECEAE1; --ink2:#BEC0B4; --ink3:#9CA193; --leaf:#9BD8B2; --wash:#21352A; --ring:#86CBA0;
  --get:#93C3E4; --post:#9BD8B2; --put:#F1C06C; --delete:#FF9D8C } }
:root:lang(zh) { line-height: 1.6 }
* { box-sizing: border-box }
html { scroll-padding-top: 72px }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere }
a { color: var(--leaf); text-underline-offset: 2px }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px }
.skip { position: absolute; left: 8px; top: -60px; background: var(--raised); padding: 8px 12px } .skip:focus { top: 8px }
.bar { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 10px 24px; background: var(--raised); border-bottom: 1px solid var(--line) }
.bar b { font-size: 16px } .bar form { display: flex; flex: 1 1 200px; gap: 8px; max-width: 420px }
input { flex: 1; min-width: 0; min-height: 36px; padding: 4px 10px; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--control); border-radius: 7px }
button { min-height: 36px; padding: 4px 14px; font: inherit; font-weight: 600; color: var(--ink); background: var(--sunken); border: 1px solid var(--control); border-radius: 7px; cursor: pointer }
.langs { display: flex; gap: 12px } .langs a { display: inline-flex; align-items: center; min-height: 28px } .langs a[aria-current] { font-weight: 600; text-decoration: none; color: var(--ink) }
.page { display: grid; grid-template-columns: 248px minmax(0, 1fr); max-width: 1280px; margin: 0 auto }
.side { position: sticky; top: 57px; align-self: start; max-height: calc(100vh - 57px); overflow: auto; padding: 20px 12px 32px 24px; font-size: 13px }
.side ul { list-style: none; margin: 0 0 8px; padding: 0 } .side a { display: block; padding: 3px 0; min-height: 24px; text-decoration: none; color: var(--ink2) } .side a:hover { text-decoration: underline }
.side > ul > li > a { font-weight: 600; color: var(--ink); margin-top: 6px }
main { min-width: 0; padding: 28px 24px 80px }
h1 { margin: 0 0 8px; font-size: 26px; line-height: 1.31; font-weight: 600; letter-spacing: -.01em } h2 { margin: 44px 0 12px; font-size: 20px; line-height: 1.4; font-weight: 600 } h3 { display: flex; flex-wrap: wrap; gap: 4px 10px; margin: 0; font-size: 14px; font-weight: 600 } h4 { margin: 16px 0 4px; font-size: 13px; font-weight: 600 }
p { margin: 4px 0; max-width: 78ch } .quiet, .type { color: var(--ink2) } .none { padding: 24px; background: var(--sunken); border-radius: 10px }
article { margin: 0 0 14px; padding: 14px 18px; background: var(--raised); border: 1px solid var(--line); border-radius: 10px }
.facts { display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 6px 0 0; font-size: 13px; color: var(--ink2) }
.method { font: 700 12px/21px ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace } .get { color: var(--get) } .post { color: var(--post) } .put, .patch { color: var(--put) } .delete { color: var(--delete) }
code, pre { font: 12.5px/1.55 ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace }
pre { margin: 6px 0; padding: 10px 12px; overflow-x: auto; background: var(--sunken); border-radius: 7px; overflow-wrap: normal }
details { margin: 4px 0 } summary { cursor: pointer; min-height: 24px; padding: 2px 0 } summary code { font-weight: 600 }
.fields { list-style: none; margin: 2px 0 6px; padding: 0 0 0 14px; border-left: 2px solid var(--line) } .fields > li { padding: 3px 0 } .must { color: var(--delete); font-size: 12px }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; font-weight: 400; border-top: 1px solid var(--line) }
.limits { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 4px 24px; margin: 12px 0; padding-left: 18px; max-width: 100ch }
@media (max-width: 900px) { .page { display: block } .side { position: static; max-height: none; padding: 16px 16px 0 } .side ul ul { display: none } .side > ul { display: flex; flex-wrap: wrap; gap: 0 16px } .side > ul > li > a { margin: 0; min-height: 44px; display: inline-flex; align-items: center; color: var(--leaf); text-decoration: underline } main { padding: 16px 16px 64px } .bar { position: static; padding: 10px 16px } article { padding: 12px 14px } input, button, .langs a, summary { min-height: 44px } summary { display: list-item; padding: 10px 0 } }
@media print { .bar, .side { display: none } .page { display: block } }
`
