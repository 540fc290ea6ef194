namespace BoneMet.RiskModels;

/// <summary>The report's style sheet: system fonts, contrast above 7:1, one column that reflows at 200 % zoom, and paper.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light}*{box-sizing:border-box}
        body{margin:0 auto;max-width:66rem;padding:1rem;font:1rem/1.5 'DejaVu Sans','Noto Sans','Noto Sans CJK SC','Microsoft YaHei',Arial,sans-serif;color:#111;background:#fff}
        h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.25rem;border-bottom:2px solid #111;padding-bottom:.2rem;margin-top:2rem}h3{font-size:1.05rem}
        .research{font-weight:bold}.synthetic{border:3px solid #111;padding:.5rem .8rem;font-weight:bold}
        .skip{position:absolute;left:-999px}.skip:focus{left:1rem;background:#fff;border:2px solid #111;padding:.3rem}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.4rem 1.5rem;margin:0}.facts dt,.card dt{font-size:.85rem;color:#333}.facts dd,.card dd{margin:0;font-weight:bold;overflow-wrap:anywhere}
        .card dd{font-weight:normal;margin-bottom:.5rem}
        .number{font-size:1.2rem;margin:.5rem 0}.number strong{font-size:2.8rem;line-height:1.1}.sentence{font-size:1.15rem}
        .wide{overflow-x:auto;margin:0}.wide:focus-visible,input:focus-visible,select:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #0b4ea2;outline-offset:2px}
        figure svg{width:100%;min-width:44rem;height:auto}
        table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-size:.85rem;color:#333}th,td{border:1px solid #777;padding:.25rem .5rem;text-align:left;vertical-align:top}thead th,tfoot th,tfoot td{background:#eee}
        tbody th{font-weight:normal}.strands{list-style:none;padding:0}.state,.badge{border:1px solid #111;border-radius:.6rem;padding:0 .5rem;white-space:nowrap}.state.failed,.badge.untrained{border-width:2px;border-style:dashed;font-weight:bold}.badge.made{border-style:dashed}
        .try{border:1px solid #777;padding:.5rem 1rem;margin:1rem 0}.try .row{display:grid;grid-template-columns:minmax(9rem,1.2fr) minmax(9rem,2fr) minmax(6rem,.8fr) minmax(4rem,.5fr);gap:.3rem 1rem;align-items:center;padding:.15rem 0}.try input[type=range],.try select{width:100%;font:inherit}.try output{font-weight:bold}
        button{font:inherit;padding:.3rem .8rem;border:2px solid #111;background:#fff;border-radius:.3rem}
        footer{border-top:2px solid #111;margin-top:2rem;font-size:.9rem}
        @media (max-width:40rem){.try .row{grid-template-columns:1fr}}
        @media print{body{max-width:none;padding:0;font-size:10pt}.try,.skip{display:none}section{break-inside:avoid-page}figure svg{min-width:0}}
        """;
}
