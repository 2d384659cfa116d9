/// The page's style sheet. It holds no character that XML would read as markup, so that the page stays well-formed.
enum HTMLStyle {
    static let sheet = """
        :root {
          color-scheme: light dark;
          --page: #ffffff; --text: #1b1e23; --soft: #565c66; --line: #d9dce1; --tint: #f4f5f7; --link: #0b5394;
          --holds: #d9f0df; --holds-text: #10472a; --fails: #fbdcd8; --fails-text: #7c1810;
          --undecided: #f9ebc4; --undecided-text: #5a4000; --constructed: #e3e6ec; --constructed-text: #3a404b;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --page: #15171b; --text: #e4e6ea; --soft: #a7adb7; --line: #363a42; --tint: #1e2126; --link: #8ec5ff;
            --holds: #143b24; --holds-text: #aee9c1; --fails: #53201a; --fails-text: #ffc9c2;
            --undecided: #473808; --undecided-text: #f6df9a; --constructed: #343944; --constructed-text: #d3d8e2;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 80rem; background: var(--page); color: var(--text);
          font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif;
        }
        h1, h2, h3, h4 { line-height: 1.2; text-wrap: balance; }
        h1 { margin: 0.1em 0 0.4em; font-size: 2.1rem; letter-spacing: -0.015em; }
        h2 { margin: 3rem 0 0.6rem; font-size: 1.5rem; letter-spacing: -0.01em; }
        h3 { margin: 2.5rem 0 0.8rem; font-size: 1.15rem; }
        h4 { margin: 1.2rem 0 0.4rem; font-size: 0.95rem; }
        p { margin: 0.7em 0; }
        a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 0.06em; }
        a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 0.15rem solid var(--link); outline-offset: 0.15rem; }
        sub, sup { font-size: 0.72em; line-height: 0; }

        /* Equations as boxes of ordinary text: the same with and without a font for mathematics, which few systems have. */
        math { font-family: 'STIX Two Text', 'Cambria', 'Times New Roman', 'Liberation Serif', 'DejaVu Serif', serif; font-size: 1.06em; }
        math, mrow, mi, mn, mo, msub, msup, msubsup { display: inline; padding: 0; }
        math[display=block] { display: block; margin: 0.9em 0; text-align: center; font-size: 1.12em; }
        mi { font-style: italic; text-transform: none; }
        mi.function { font-style: normal; padding-right: 0.15em; }
        mo[form=infix] { padding: 0 0.24em; }
        msub > :nth-child(2) { font-size: 0.72em; vertical-align: -0.3em; line-height: 0; }
        msup > :nth-child(2), mo.prime { font-size: 0.72em; vertical-align: 0.5em; line-height: 0; }
        mo.prime { font-size: 0.9em; vertical-align: 0.12em; }
        mfrac { display: inline-flex; flex-direction: column; vertical-align: middle; text-align: center; padding: 0 0.1em; line-height: 1.25; }
        mfrac > :first-child { padding: 0 0.2em 0.08em; border-bottom: 0.07em solid currentColor; }
        mfrac > :last-child { padding: 0.08em 0.2em 0; }
        msqrt { display: inline; }
        msqrt::before { content: '√'; }
        msqrt > mrow { border-top: 0.06em solid currentColor; padding: 0.06em 0.1em 0 0.02em; }
        munder { display: inline-flex; flex-direction: column; vertical-align: middle; text-align: center; line-height: 1; padding: 0 0.15em; }
        munder > :first-child { font-size: 1.4em; }
        munder > :last-child { font-size: 0.72em; }
        code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.86em; }
        code { overflow-wrap: anywhere; }
        pre { padding: 0.9rem 1rem; background: var(--tint); border-radius: 0.4rem; line-height: 1.45; }
        .prose, .dictionary p, .caption, .subtitle { max-width: 46rem; }
        a.word { color: inherit; text-decoration-style: dotted; text-decoration-color: var(--soft); }
        .kicker { margin: 0; color: var(--soft); font-size: 0.85rem; letter-spacing: 0.06em; text-transform: uppercase; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: 0.5rem; padding: 0.4rem 0.7rem; background: var(--page); }
        .scroll { overflow-x: auto; max-width: 100%; }

        .scores { display: flex; flex-wrap: wrap; gap: 0.6rem 1.8rem; margin: 1rem 0 1.6rem; padding: 0; list-style: none; }
        .scores a { color: inherit; text-decoration: none; }
        .scores strong { margin-left: 0.35rem; font-size: 1.5rem; font-variant-numeric: tabular-nums; vertical-align: -0.12em; }
        .badge {
          display: inline-block; padding: 0.1em 0.6em; border-radius: 1em; font-size: 0.85rem; font-weight: 600; white-space: nowrap;
        }
        .holds { background: var(--holds); color: var(--holds-text); }
        .fails { background: var(--fails); color: var(--fails-text); }
        .undecided { background: var(--undecided); color: var(--undecided-text); }
        .constructed { background: var(--constructed); color: var(--constructed-text); }
        .facts {
          display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 0.25rem 2rem; margin: 0;
          padding: 0.9rem 1rem; background: var(--tint); border-radius: 0.4rem; font-size: 0.88rem;
        }
        .fact { display: grid; grid-template-columns: 5.2rem 1fr; gap: 0.6rem; }
        .fact.wide { grid-column: 1 / -1; }
        .facts dt { color: var(--soft); }
        .facts dd { margin: 0; overflow-wrap: anywhere; }
        nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.3rem; margin: 1.2rem 0 0; padding: 0; list-style: none; }

        table { border-collapse: collapse; font-size: 0.9rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
        th, td { padding: 0.45rem 0.7rem; text-align: left; vertical-align: top; border-bottom: 0.06rem solid var(--line); }
        thead th { color: var(--soft); font-size: 0.82rem; font-weight: 600; }
        tbody th { font-weight: 500; }
        .claims { width: 100%; }
        .claims tr:target { background: var(--tint); }
        .tally { color: var(--soft); font-size: 0.85rem; font-weight: 400; }
        .claims .statement { min-width: 15rem; }
        .claims td:nth-child(3) { min-width: 13rem; color: var(--soft); }
        .claims td:nth-child(4) { min-width: 9rem; }
        data { white-space: normal; }
        .none { color: var(--soft); }
        .plain td { overflow-wrap: anywhere; }
        .summary th, .summary td { white-space: nowrap; }
        .terms td { white-space: nowrap; vertical-align: middle; }
        .terms th { white-space: nowrap; vertical-align: middle; }
        .terms math { font-size: 1em; }
        .equation { max-width: 46rem; padding: 0.25rem 0; }
        .data { color: var(--soft); font-size: 0.88rem; }

        article { padding-bottom: 0.5rem; }
        figure { margin: 0; }
        .subtitle { margin: -0.4rem 0 0.8rem; color: var(--soft); font-size: 0.92rem; }
        .beside { display: grid; grid-template-columns: minmax(0, 50rem) minmax(14rem, 1fr); gap: 0 2rem; align-items: start; }
        .beside.alone { grid-template-columns: minmax(0, 56rem); }
        .findings, .failures { margin: 0; padding: 0; list-style: none; font-size: 0.92rem; }
        .findings li { padding: 0.7rem 0; border-top: 0.06rem solid var(--line); }
        .findings p { margin: 0.35rem 0 0; }
        .failures li { padding: 0.8rem 0; border-top: 0.06rem solid var(--line); max-width: 60rem; }
        .failures p { margin: 0.3rem 0; }
        .numbers { color: var(--soft); font-size: 0.9em; font-variant-numeric: tabular-nums; }
        .numbers a { color: inherit; text-decoration-color: var(--line); }
        .all { margin: 0.8rem 0; }
        ul.plain { margin: 0.4rem 0 1rem; padding-left: 1.2rem; font-size: 0.92rem; }
        .glossary { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0.9rem 2rem; font-size: 0.92rem; }
        .glossary dt { font-weight: 600; }
        .glossary dd { margin: 0; }
        .glossary div:has(:target) { background: var(--tint); }
        .plot svg { display: block; width: 100%; max-width: 56rem; height: auto; }
        .narrow.plot { display: none; }
        .caption { font-size: 0.95rem; }
        summary { cursor: pointer; color: var(--link); }

        @media screen and (max-width: 72rem) {
          .beside { grid-template-columns: minmax(0, 56rem); }
          .findings { margin-top: 0.6rem; }
        }
        @media screen and (max-width: 44rem) {
          .wide.plot { display: none; }
          .narrow.plot { display: block; }
          .narrow.plot svg { max-width: 32rem; }
          body { padding: 1.5rem 1rem 3rem; }
          h1 { font-size: 1.6rem; }
          .fact { grid-template-columns: 4.6rem 1fr; }
          .claims, .claims tbody, .claims tr, .claims th, .claims td { display: block; }
          .claims thead { position: absolute; left: -100rem; }
          .claims .claim { padding: 0.7rem 0; border-bottom: 0.06rem solid var(--line); }
          .claims th, .claims td { padding: 0.12rem 0; border: 0; min-width: 0; }
          .claims .statement { font-weight: 600; }
          .claims .claim td[data-name] { display: grid; grid-template-columns: 6.6rem minmax(0, 1fr); gap: 0 0.6rem; min-width: 0; }
          .claims .claim td[data-name]::before { content: attr(data-name); color: var(--soft); }
          .claims .claim td.none { display: none; }
        }
        @media print {
          @page { margin: 1.6cm; }
          :root { color-scheme: light; }
          html { font-size: 9.5pt; }
          body { max-width: none; padding: 0; }
          nav, .skip, .copy { display: none; }
          a { color: inherit; text-decoration: none; }
          .scroll { overflow: visible; }
          pre { white-space: pre-wrap; }
          h2, h3, h4, .subtitle { break-after: avoid; break-inside: avoid; }
          summary { break-after: avoid; }
          .claims .badge { white-space: normal; border-radius: 0.3em; }
          tr, figure, .findings li, .failures p, pre, .terms, .equation, .facts, .glossary div { break-inside: avoid; }
          p, li { orphans: 3; widows: 3; }
          .beside, .glossary { display: block; }
          .findings { columns: 3; column-gap: 1rem; margin: 0.4rem 0; }
          .glossary { columns: 2; column-gap: 1.5rem; }
          .glossary div { margin-bottom: 0.5rem; }
          section { break-before: auto; }
          thead { display: table-header-group; }
          .plot svg { max-width: 100%; max-height: 10.5cm; margin: 0 auto; }
          .badge, .facts, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          .claims { table-layout: fixed; }
          .claims thead th, .claims .claim th, .claims .claim td { min-width: 0; padding: 0.3rem 0.35rem; }
          .claims thead th:nth-child(1) { width: 16%; }
          .claims thead th:nth-child(2), .claims thead th:nth-child(3) { width: 25%; }
          .claims thead th:nth-child(4) { width: 15%; }
          details::details-content { content-visibility: visible; block-size: auto; }
        }
        """
}
