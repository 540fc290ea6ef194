using SkiaSharp;

namespace BoneMet.RiskModels;

/// <summary>The report as a PDF: A4 pages, fonts embedded, the same numbers as the page.</summary>
public static class CaseReportPdf
{
    private const float Width = 595;
    private const float Height = 842;
    private const float Margin = 44;
    private const float Bottom = Height - 56;

    /// <summary>The document.</summary>
    /// <exception cref="NotSupportedException">No installed font can write the language.</exception>
    public static byte[] Write(CaseReportData data, string language = "en")
    {
        ArgumentNullException.ThrowIfNull(data);
        if (ReportFonts.Hindrance(language) is { } reason) { throw new NotSupportedException($"The PDF cannot be written in '{language}': {reason}."); }
        return PdfFonts.Write($"{ReportWords.In("title", language)} {data.CaseId}", (document, fonts) => new Writer(document, fonts, data, language).Run());
    }

    private sealed class Writer(SKDocument document, PdfFonts fonts, CaseReportData data, string language)
    {
        private PdfCanvas page = null!;
        private double y;
        private int number;

        public void Run()
        {
            Turn();
            Say(W("title"), 18, bold: true);
            Say(W("research"), 9.5, bold: true);
            if (data.Synthetic) { Say(W("synthetic"), 10, bold: true); }
            Fact(W("case"), data.CaseId);
            Fact(W("site"), data.Site);
            Fact(W("cancer"), CaseReport.Level("cancer-type", data.CancerType, language));
            if (data.Histology is { } histology) { Fact(W("histology"), CaseReport.Level("histology", histology, language)); }
            Fact(W("created"), CaseReport.Time(data.CreatedAt));
            Fact(W("written"), CaseReport.Time(data.WrittenAt));
            Head(W("answer"));
            if (data.Prediction is { } prediction) { Answer(prediction); }
            else { Say(W("no-prediction"), 10); }
            if (data.Problems.Count > 0)
            {
                Head(W("problems"));
                foreach (var problem in data.Problems) { Say("• " + Sentences.In(problem.Reason, language), 9); }
            }
            Head(W("strands"));
            foreach (var strand in data.Strands) { Fact(W(strand.Name), W(strand.State) + (strand.Reason is { } reason ? $" – {Sentences.In(reason, language)}" : "")); }
            if (data.Prediction is { } answer) { Labels(answer); }
            if (data.Earlier.Count > 0)
            {
                Head(W("earlier"));
                foreach (var earlier in data.Earlier) { Fact(CaseReport.Time(earlier.At), $"{Risk(earlier.Probability)} – {earlier.ModelId} {earlier.ModelVersion} – {Sentences.In(earlier.Reason, language)}"); }
            }
            if (data.Timeline.Count > 0)
            {
                Head(W("timeline"));
                foreach (var entry in data.Timeline) { Fact(CaseReport.Time(entry.At), Sentences.In(entry.Text, language)); }
            }
            if (data.Notes.Count > 0)
            {
                Head(W("notes"));
                foreach (var note in data.Notes) { Say("• " + Sentences.In(note, language), 9); }
            }
            EndPage();
        }

        private string W(string key) => ReportWords.In(key, language);

        private void Answer(Prediction prediction)
        {
            if (prediction.Probability is { } p)
            {
                Say(NomogramWords.Percent(p), 26, bold: true);
                Say(prediction.Text!.In(language), 11);
            }
            else { Say(prediction.Band?.In(language) ?? W("no-number"), 12); }
            Fact(prediction.Interval.Kind == "published-range" ? W("range") : W("interval"), CaseReport.Interval(prediction.Interval, language));
            if (prediction.BaseRate is { } rate) { Fact(W("base-rate"), $"{NomogramWords.Percent(rate.Rate)} ({rate.Label.In(language)})"); }
            if (prediction.TotalPoints is { } total) { Fact(W("total"), CaseReport.Number(total, "0.0")); }
            if (prediction.LinearPredictor is { } lp) { Fact(W("lp"), CaseReport.Number(lp, "0.0000")); }
            if (prediction.OddsRatio is { } ratio) { Fact(W("odds"), CaseReport.Number(ratio, "0.00")); }
            if (prediction.Fused is not null) { Fact(W("clinical-only"), prediction.ClinicalOnly.Probability is { } c ? NomogramWords.Percent(c) : "–"); }
            foreach (var id in prediction.CriteriaMet) { Fact(W("criteria"), CaseReport.Criterion(id, data.Model, language)); }
            Fact(W("missing"), CaseReport.Names(prediction.Missing, language));
            Fact(W("out"), CaseReport.Names(prediction.OutOfRange, language));
            foreach (var refusal in prediction.Refusals) { Say("• " + refusal.Reason.In(language), 9.5); }
            foreach (var warning in prediction.Warnings) { Say("• " + warning.In(language), 9.5); }
            if (data.Model is { } model && model.Model.Family != ModelFamily.Rule) { Picture(model, prediction); }
            if (prediction.Points.Count > 0)
            {
                Head(W("points-table"));
                Row([W("factor"), W("value"), W("points"), W("log-odds")], bold: true);
                foreach (var point in prediction.Points)
                {
                    Row([point.Label.In(language), point.ValueLabel?.In(language) ?? point.Value ?? "", CaseReport.Number(point.Points, "0.0"), CaseReport.Number(point.LogOdds, "0.0000")]);
                }
            }
            if (data.Challenger is { } challenger)
            {
                Head(W("challenger"));
                foreach (var one in new[] { prediction, challenger })
                {
                    Fact($"{one.ModelId} {one.ModelVersion}", $"{Risk(one.Probability)} – {CaseReport.Interval(one.Interval, language)}");
                }
            }
            Head(W("card"));
            Fact(W("model"), prediction.ModelTitle.In(language));
            Fact(W("version"), $"{prediction.ModelId} {prediction.ModelVersion}");
            Fact("SHA-256", prediction.ModelSha256);
            Fact(W("citation"), prediction.Citation + (prediction.Doi is { } doi ? $", doi {doi}" : ""));
            Fact(W("complete"), W(prediction.ModelComplete ? "yes" : "no"));
            Fact(W("intended"), prediction.IntendedUse.In(language));
            Fact(W("not-for"), prediction.NotFor.In(language));
        }

        private static string Risk(double? probability) => probability is { } risk ? NomogramWords.Percent(risk) : "–";

        private void Labels(Prediction prediction)
        {
            if (prediction.Labels.Count == 0) { return; }
            Head(W("labels"));
            foreach (var label in prediction.Labels)
            {
                var badge = W(!label.Trained ? "untrained" : label.Synthetic ? "synthetic-encoder" : "trained");
                Fact(W(label.Modality), $"{CaseReport.Number(label.Logit, "0.000")} – {label.EncoderId} [{badge}] – {W("entered")}: {W(label.Entered ? "yes" : "no")}{(label.Reason is { } reason ? $" – {reason.In(language)}" : "")}");
            }
        }

        private void Picture(CompiledModel model, Prediction prediction)
        {
            var geometry = NomogramGeometry.Compute(model);
            if (geometry.Axes.Count == 0) { return; }
            Head(W("nomogram"));
            var layout = new NomogramLayout(geometry, prediction, language);
            var scale = Math.Min((Width - (2 * Margin)) / NomogramLayout.Width, (Bottom - Margin - 30) / layout.Height);
            if (y + (layout.Height * scale) > Bottom) { Turn(); }
            page.Canvas.Save();
            page.Canvas.Translate(Margin, (float)y);
            page.Canvas.Scale((float)scale);
            NomogramPdf.Paint(page, layout, geometry, prediction, language);
            page.Canvas.Restore();
            y += (layout.Height * scale) + 8;
        }

        private void Head(string title)
        {
            if (y > Bottom - 60) { Turn(); }
            y += 8;
            Say(title, 13, bold: true);
            page.Line(Margin, y, Width - Margin, y);
            y += 6;
        }

        private void Fact(string name, string value)
        {
            var lines = Wrap(value, 9.5, Width - (2 * Margin) - 150);
            var names = Wrap(name, 9, 140);
            Room(12.5 * Math.Max(lines.Count, names.Count));
            for (var i = 0; i < names.Count; i++) { page.Text(names[i], Margin, y + 9 + (i * 12.5), 9); }
            for (var i = 0; i < lines.Count; i++) { page.Text(lines[i], Margin + 150, y + 9 + (i * 12.5), 9.5); }
            y += 12.5 * Math.Max(lines.Count, names.Count);
        }

        private void Row(string[] cells, bool bold = false)
        {
            double[] places = [Margin, Margin + 210, Margin + 370, Margin + 440];
            var wrapped = cells.Select((c, i) => Wrap(c, 9, (i + 1 < places.Length ? places[i + 1] : Width - Margin) - places[i] - 6)).ToList();
            var rows = wrapped.Max(w => w.Count);
            Room(12.5 * rows);
            for (var i = 0; i < cells.Length; i++)
            {
                for (var j = 0; j < wrapped[i].Count; j++) { page.Text(wrapped[i][j], places[i], y + 9 + (j * 12.5), 9, bold: bold); }
            }
            y += 12.5 * rows;
        }

        private void Say(string text, double size, bool bold = false)
        {
            foreach (var line in Wrap(text, size, Width - (2 * Margin)))
            {
                Room(size * 1.4);
                page.Text(line, Margin, y + size, size, bold: bold);
                y += size * 1.4;
            }
        }

        private void Room(double height)
        {
            if (y + height > Bottom) { Turn(); }
        }

        private void Turn()
        {
            if (number > 0) { EndPage(); }
            number++;
            page = new PdfCanvas(document.BeginPage(Width, Height), fonts);
            y = Margin;
        }

        private void EndPage()
        {
            page.Line(Margin, Height - 44, Width - Margin, Height - 44, 0.7);
            page.Text($"{data.CaseId} · {NomogramWords.ResearchUse(language)}", Margin, Height - 30, 8);
            page.Text($"– {number} –", Width - Margin, Height - 30, 8, 1);
            document.EndPage();
        }

        private static List<string> Wrap(string text, double size, double width)
        {
            var lines = new List<string>();
            var line = "";
            foreach (var word in NomogramSvg.Words(text))
            {
                var piece = word;
                while (PdfCanvas.Width(line + piece, (float)size) > width)
                {
                    if (line.Length > 0)
                    {
                        lines.Add(line.TrimEnd());
                        line = "";
                        continue;
                    }
                    var fit = piece.Length;
                    while (fit > 1 && PdfCanvas.Width(piece[..fit], (float)size) > width) { fit--; }
                    if (fit == piece.Length) { break; }
                    lines.Add(piece[..fit]);
                    piece = piece[fit..];
                }
                line += piece;
            }
            lines.Add(line.TrimEnd());
            return lines;
        }
    }
}
