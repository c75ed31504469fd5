/** Style of printed and stored reports: calm, dense, readable in light and dark and on paper. Colours carry state only. */
export const reportStyle = `
:root{color-scheme:light dark;--bg:#fff;--sub:#f5f6f8;--line:#d5d9e0;--text:#16202e;--muted:#4d5766;--accent:#1b5fc1;--ok:#14693a;--warn:#7f5200;--bad:#b3261e;--hold:#5f4b9b}
@media(prefers-color-scheme:dark){:root{--bg:#11161d;--sub:#181f28;--line:#354150;--text:#e6ebf2;--muted:#a9b4c3;--accent:#7db2ff;--ok:#5fcf8d;--warn:#f0b64c;--bad:#ff8f86;--hold:#bfa8f5}}
body{margin:0;background:var(--bg);color:var(--text);font:.875rem/1.4 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:75rem;margin-inline:auto;padding:2rem 1rem}
h1{font-size:1.5rem;line-height:2rem;margin:0 0 .5rem}h2{font-size:1.0625rem;margin:2rem 0 .5rem}
.brand{color:var(--muted);font-size:.8125rem;margin:0}
figure{margin:1.5rem 0}figure svg{max-width:100%;border-radius:4px}
figcaption{font-weight:600;margin-block:.5rem .25rem}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:0;margin:0;color:var(--muted)}
.swatch{display:inline-block;inline-size:.75rem;block-size:.75rem;border-radius:2px;margin-inline-end:.4rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;inline-size:100%;font-variant-numeric:tabular-nums}
th{text-align:start;font-weight:600;color:var(--muted);background:var(--sub)}
th,td{padding:.375rem .75rem;border-block-end:1px solid var(--line);vertical-align:top}
th.n,td.n{text-align:end}
code{font:.8125rem/1.3 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
small{color:var(--muted)}
.state{white-space:nowrap}.ok{color:var(--ok)}.warn{color:var(--warn)}.bad{color:var(--bad)}.hold{color:var(--hold)}
.state.warn,.state.bad{white-space:normal}
time{white-space:nowrap}
@media(max-width:40rem){figure{overflow-x:auto}figure svg.strip{max-width:none}.wide table{min-inline-size:44rem}}
@media print{main{padding:0}section{break-inside:auto}}
`
