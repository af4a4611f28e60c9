"""How the page of evidence looks, on a screen and on paper."""

STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; border-bottom: 1px solid #999; break-after: avoid; }
h1 + p { border: 2px solid #a00; padding: .5rem .8rem; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #ddd; }
th { font-weight: 600; white-space: nowrap; }
td, pre { overflow-wrap: break-word; unicode-bidi: plaintext; white-space: pre-wrap; }
a, code { overflow-wrap: anywhere; }
code { font-size: .9em; }
pre { background: #f4f4f4; padding: .6rem; }
tr { break-inside: avoid; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } a { color: inherit; } }
"""
