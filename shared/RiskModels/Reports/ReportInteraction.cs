using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BoneMet.RiskModels;

/// <summary>The nomogram that a reader can move: sliders and lists, computed in the page.</summary>
internal static class ReportInteraction
{
    private static readonly JsonSerializerOptions Safe = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>Markup and script, or null for models that have nothing to move.</summary>
    public static string? Script(CompiledModel model, Prediction prediction, string language)
    {
        if (model.Terms.Any(t => t.Term is ConditionalTerm) || model.Model.Family is ModelFamily.Rule or ModelFamily.Rate) { return null; }
        string W(string key) => ReportWords.In(key, language);
        var terms = new JsonArray();
        var html = new HtmlText();
        html.Raw("<details class=\"try\" open><summary>").Element("strong", W("try")).Raw("</summary>").Element("p", W("try-text"));
        var index = 0;
        foreach (var term in model.Terms)
        {
            if (term.Term is InteractionTerm) { continue; }
            var input = prediction.Inputs.FirstOrDefault(i => i.Name == term.Term.Factor);
            terms.Add(Term(term, input, prediction, model));
            var label = TermLabels.Of(term.Term).In(language);
            var id = $"try-{index}";
            html.Raw("<div class=\"row\">").Element("label", label + (term.IsNumber && UnitOf(term) is { Length: > 0 } unit ? $" ({NomogramWords.Unit(unit, language)})" : ""), $"for=\"{id}\"");
            if (term.IsNumber)
            {
                html.Raw(string.Create(CultureInfo.InvariantCulture, $"<input type=\"range\" id=\"{id}\" min=\"{term.Low}\" max=\"{term.High}\" step=\"any\" data-term=\"{index}\">"));
            }
            else
            {
                html.Raw($"<select id=\"{id}\" data-term=\"{index}\">");
                for (var i = 0; i < term.Levels.Count; i++) { html.Element("option", TermLabels.Of(term, i).In(language), $"value=\"{i}\""); }
                html.Raw("</select>");
            }
            html.Raw($"<output for=\"{id}\" id=\"{id}-value\"></output><span id=\"{id}-points\"></span></div>");
            index++;
        }
        html.Raw("<p aria-live=\"polite\">").Text(W("total")).Raw(": <output id=\"try-total\"></output> · ").Text(model.Model.GivesProbability ? W("probability") : W("odds")).Raw(": <output id=\"try-answer\"></output></p>")
            .Element("button", W("reset"), "type=\"button\" id=\"try-reset\"").Raw("</details>\n");

        var specification = new JsonObject
        {
            ["terms"] = terms,
            ["products"] = new JsonArray([.. model.Products.Select(p => (JsonNode)new JsonArray(p.Target, p.First, p.Second))]),
            ["beta"] = new JsonArray([.. model.Beta.Select(b => (JsonNode)b)]),
            ["blocks"] = new JsonArray([.. model.Blocks.Select((b, i) => (JsonNode)new JsonObject { ["columns"] = new JsonArray([.. b.Terms.SelectMany(t => Enumerable.Range(t.FirstColumn, t.Columns)).Select(c => (JsonNode)c)]), ["least"] = model.Scale.Least[i], ["show"] = model.Terms.Where(t => t.Term is not InteractionTerm).ToList().IndexOf(b.Predictor) })]),
            ["perUnit"] = model.Scale.PerUnit,
            ["offset"] = model.Offset,
            ["family"] = model.Model.Family.ToString().ToLowerInvariant(),
            ["probability"] = model.Model.GivesProbability,
            ["bands"] = new JsonArray([.. model.Model.Bands.Select(b => (JsonNode)new JsonArray(b.From, b.To, b.Risk))]),
            ["survival"] = model.Model.Family == ModelFamily.Cox ? (model.Model.Baseline.FirstOrDefault(b => b.Months == model.Model.Outcome.HorizonMonths) ?? model.Model.Baseline[^1]).Survival : null,
        };
        return html.Raw("<script>(function(){const m=").Raw(specification.ToJsonString(Safe)).Raw(";").Raw(Code).Raw("})();</script>\n").ToString();
    }

    private static string? UnitOf(CompiledTerm term)
    {
        var unit = term.Unit ?? FactorDictionary.Find(term.Term.Factor)?.Unit;
        return unit is null || unit.StartsWith('{') ? null : unit == "a" ? "years" : unit;
    }

    private static JsonObject Term(CompiledTerm term, PredictionInput? input, Prediction prediction, CompiledModel model)
    {
        var json = new JsonObject { ["kind"] = ModelWriter.Kind(term.Term), ["first"] = term.FirstColumn, ["count"] = term.Columns };
        var scale = term.Term switch { LinearTerm t => UnitScale.From(t.Factor, t.Unit), SplineTerm t => UnitScale.From(t.Factor, t.Unit), _ => 1 };
        if (term.Term is LabelTerm)
        {
            json["start"] = prediction.Labels.FirstOrDefault(l => l.Entered && l.Modality == term.Term.Factor)?.Logit ?? 0;
            json["low"] = term.Low;
            json["high"] = term.High;
        }
        else if (term.IsNumber)
        {
            json["start"] = input?.Number is { } number ? number * scale : (term.Low + term.High) / 2;
            json["low"] = term.Low;
            json["high"] = term.High;
        }
        else
        {
            var x = new double[model.Columns.Count];
            var coded = prediction.Inputs.Select(i => new CodedFactor { Name = i.Name, Number = i.Number, Level = i.Level, Unit = i.Unit }).ToList();
            term.Fill(new FactorSet(coded), x, out var level, out _);
            json["start"] = Math.Max(0, level);
        }
        if (term.Term is SplineTerm spline) { json["knots"] = new JsonArray([.. spline.Knots.Select(k => (JsonNode)k)]); }
        return json;
    }

    private const string Code = """
        const at=id=>document.getElementById(id),x=new Array(m.beta.length);
        function read(i){return Number(at('try-'+i).value)}
        function fill(t,v){const f=t.first;
          if(t.kind==='linear'){x[f]=v;return}
          if(t.kind==='label'){x[f]=Math.min(t.high,Math.max(t.low,v));return}
          if(t.kind==='spline'){const k=t.knots,n=k.length,a=k[n-1],b=k[n-2],s=(a-k[0])*(a-k[0]),c=u=>u>0?u*u*u:0;x[f]=v;
            for(let j=0;j<n-2;j++)x[f+j+1]=(c(v-k[j])-c(v-b)*(a-k[j])/(a-b)+c(v-a)*(b-k[j])/(a-b))/s;return}
          for(let j=0;j<t.count;j++)x[f+j]=j===v?1:0}
        function percent(p){return (p*100).toFixed(p<0.001||p>0.999?4:1)+' %'}
        function update(){
          m.terms.forEach((t,i)=>{const v=read(i);fill(t,v);const e=at('try-'+i);at('try-'+i+'-value').textContent=e.tagName==='SELECT'?'':Number(v.toPrecision(4)).toString()});
          m.products.forEach(p=>x[p[0]]=x[p[1]]*x[p[2]]);
          let total=0;m.blocks.forEach(b=>{let c=0;b.columns.forEach(j=>c+=m.beta[j]*x[j]);const points=(c-b.least)*m.perUnit;total+=points;at('try-'+b.show+'-points').textContent=points.toFixed(1)});
          let lp=m.offset;for(let j=0;j<x.length;j++)lp+=m.beta[j]*x[j];
          at('try-total').textContent=total.toFixed(1);
          let answer='';
          if(m.family==='score'){const b=m.bands.find(b=>lp>=b[0]&&lp<=b[1]);answer=b?percent(b[2]):'–'}
          else if(m.family==='cox')answer=percent(1-Math.pow(m.survival,Math.exp(lp)));
          else answer=m.probability?percent(1/(1+Math.exp(-lp))):Math.exp(lp-m.offset).toFixed(2);
          at('try-answer').textContent=answer}
        function reset(){m.terms.forEach((t,i)=>{at('try-'+i).value=t.start});update()}
        m.terms.forEach((t,i)=>at('try-'+i).addEventListener('input',update));
        at('try-reset').addEventListener('click',reset);reset();
        """;
}
