namespace BoneMet.RiskModels;

/// <summary>The report's style sheet: system fonts, contrast above 7:1, light and dark, one column that reflows at 200 % zoom, and paper.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--ink:#111;--page:#fff;--soft:#333;--line:#777;--head:#eee;--accent:#0b4ea2}
        @media (prefers-color-scheme:dark){:root{--ink:#eee;--page:#16191d;--soft:#c4c8cc;--line:#868d94;--head:#262b31;--accent:#8fc1ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:66rem;padding:1rem;font:1rem/1.5 'DejaVu Sans','Noto Sans','Noto Sans CJK SC','WenQuanYi Micro Hei','Microsoft YaHei',Arial,sans-serif;color:var(--ink);background:var(--page)}
        h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.25rem;border-bottom:2px solid var(--ink);padding-bottom:.2rem;margin-top:2rem}h3{font-size:1.05rem}
        .research{font-weight:bold}.synthetic{border:3px solid var(--ink);padding:.5rem .8rem;font-weight:bold}
        .skip{position:absolute;left:-999px;color:var(--ink)}.skip:focus{left:1rem;background:var(--page);border:2px solid var(--ink);padding:.3rem}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));gap:.4rem 1.5rem;margin:0}.facts dt,.card dt{font-size:.85rem;color:var(--soft)}.facts dd,.card dd{margin:0;font-weight:bold;overflow-wrap:anywhere}
        .card dd{font-weight:normal;margin-bottom:.5rem}
        .number{font-size:1.2rem;margin:.5rem 0}.number strong{font-size:2.8rem;line-height:1.1}.sentence{font-size:1.15rem}
        .wide{overflow-x:auto;margin:0}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        figure svg{display:block;width:100%;min-width:44rem;height:auto}
        table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-size:.85rem;color:var(--soft)}th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:break-word;min-width:5rem}thead th,tfoot th,tfoot td{background:var(--head)}
        tbody th{font-weight:normal}.strands{list-style:none;padding:0}.state,.badge{border:1px solid var(--ink);border-radius:.6rem;padding:0 .5rem;white-space:nowrap}.state.failed,.badge.untrained{border-width:2px;border-style:dashed;font-weight:bold}.badge.made{border-style:dashed}
        .try{border:1px solid var(--line);padding:.5rem 1rem 1rem;margin:1rem 0}.try h3{margin:.3rem 0}
        .try .row{display:grid;grid-template-columns:minmax(9rem,1.4fr) minmax(8rem,2fr) 7rem minmax(7rem,auto) 8rem;gap:.3rem 1rem;align-items:center;padding:.2rem 0}.try select{grid-column:2/5}.try input[type=range]{width:100%}.try select,.try input[type=number]{font:inherit;width:100%;padding:.2rem .3rem}
        .try .points{white-space:nowrap}.try .absent{font-size:.9rem;white-space:nowrap}.try input.absent{opacity:.5}.try output{font-weight:bold;font-variant-numeric:tabular-nums}.try .outcome{font-size:1.15rem}
        button{font:inherit;padding:.3rem .8rem;border:2px solid var(--ink);color:var(--ink);background:var(--page);border-radius:.3rem}
        footer{border-top:2px solid var(--ink);margin-top:2rem;font-size:.9rem;overflow-wrap:anywhere}
        @media (max-width:48rem){.try .row{grid-template-columns:1fr auto}.try .row>:first-child,.try .row>[type=range],.try .row>select{grid-column:1/-1}}
        @media print{:root{color-scheme:light;--ink:#000;--page:#fff;--soft:#222;--head:#eee}@page{margin:14mm}body{max-width:none;padding:0;font-size:10pt}.try,.skip{display:none}h2{break-after:avoid}tr,li,figure,.facts div{break-inside:avoid}.wide{overflow:visible}figure svg{min-width:0;max-height:240mm}}
        """;
}
