/** Data: the style of report.html. The outcomes' colours are Okabe's and Ito's, which colour-blind people can tell apart. */
export const reportStyle = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2127; --line: #d9dde3; --soft: #5b6470; --panel: #f5f6f8; --bar: #2b6cb0; --saved: #7fb08f;
  --answered: #0b8a66; --truncated: #c98500; --refused: #b5588f; --invalid: #8a7a00; --error: #c4431a; --missing: #2f86b8; --skipped: #8b929c }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --ink: #e6e9ed; --line: #343a43; --soft: #a0a9b5; --panel: #1e2329; --bar: #6aa9e9; --saved: #5b8f6d;
  --answered: #35b68e; --truncated: #e8a838; --refused: #d98bbd; --invalid: #d3c13c; --error: #f0764f; --missing: #6fbbe6; --skipped: #7c8590 } }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; background: var(--paper); color: var(--ink); max-width: 64rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: break-word }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 } h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 0 0 .25rem; overflow-wrap: anywhere } p { margin: .35rem 0 } .soft { color: var(--soft) }
a { color: var(--bar) } code { font-size: .88em; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .87rem/1.45 ui-monospace, monospace; background: var(--panel); border-radius: .4rem; padding: .7rem .9rem; margin: .35rem 0 }
.alarm { border-left: .4rem solid var(--error); background: var(--panel); padding: .8rem 1.1rem; margin: 1.25rem 0; border-radius: 0 .4rem .4rem 0 }
.alarm strong { font-size: 1.3rem; color: var(--error) }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0 }
.tile { background: var(--panel); border-radius: .5rem; padding: .7rem .95rem } .tile b { display: block; font-size: 1.45rem; line-height: 1.25; font-variant-numeric: tabular-nums } .tile span { color: var(--soft) }
.money p { margin: .15rem 0 }
.bar { display: flex; gap: 2px; height: 1.1rem; border-radius: .3rem; overflow: hidden; background: var(--line); margin: 1rem 0 .5rem; print-color-adjust: exact; -webkit-print-color-adjust: exact } .bar i { min-width: 3px }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: 0; list-style: none } .legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: .15rem; margin-right: .4rem; print-color-adjust: exact; -webkit-print-color-adjust: exact }
.answered i, i.answered { background: var(--answered) } .truncated i, i.truncated { background: var(--truncated) } .refused i, i.refused { background: var(--refused) } .invalid i, i.invalid { background: var(--invalid) }
.error i, i.error { background: var(--error) } .missing i, i.missing { background: var(--missing) } .skipped i, i.skipped { background: var(--skipped) }
.charts { columns: 2 20rem; column-gap: 2rem } .charts .chart { margin-bottom: 1.5rem } .chart { min-width: 0; break-inside: avoid }
svg { display: block; width: 100%; max-width: 30rem; height: auto; color: var(--ink); fill: currentColor; overflow: visible } svg text { white-space: pre }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top } th { font-weight: 600; color: var(--soft) }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.row { border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; margin: .8rem 0; break-inside: avoid } .row header { display: flex; gap: .6rem; align-items: baseline; margin-bottom: .3rem }
.row header i { width: .7rem; height: .7rem; border-radius: 50%; align-self: center; print-color-adjust: exact; -webkit-print-color-adjust: exact } .row img { max-width: 16rem; max-height: 12rem; object-fit: contain; border: 1px solid var(--line) } dl { display: grid; grid-template-columns: minmax(5rem, max-content) minmax(0, 1fr); gap: .2rem .9rem; margin: .3rem 0 }
dl.facts { grid-template-columns: minmax(5rem, 14rem) minmax(0, 1fr) } .chart + .scroll, .chart + p, dl + .charts, dl + pre, .scroll + h3 { margin-top: 1rem }
dt { color: var(--soft); overflow-wrap: anywhere; max-width: 12rem } dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere } dd.answer { font-weight: 600 }
.cause { margin: .9rem 0; break-inside: avoid } .cause i { display: inline-block; width: .75rem; height: .75rem; border-radius: .15rem; margin-right: .4rem }
@media (max-width: 34rem) { body { padding: 1.25rem 1rem 3rem } h1 { font-size: 1.3rem } .tiles { grid-template-columns: 1fr 1fr; gap: .5rem } .tile b { font-size: 1.15rem } dl, dl.facts { grid-template-columns: minmax(0, 1fr) } .tile:last-child:nth-child(odd) { grid-column: 1 / -1 } dt { margin-top: .3rem } th, td { padding-right: .6rem } }
@page { margin: 15mm }
@media print { h3 { break-after: avoid } :root { --paper: #fff; --ink: #000; --panel: #f5f6f8; --line: #ccc; --soft: #444; color-scheme: light } body { max-width: none; padding: 0; font-size: 11pt } h2 { break-after: avoid } a { color: inherit } .scroll { overflow: visible } }
`;
