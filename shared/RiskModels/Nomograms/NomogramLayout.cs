namespace BoneMet.RiskModels;

/// <summary>Where the lines, marks and words of a nomogram stand on a page, in SVG pixels. One layout serves SVG and PDF.</summary>
internal sealed class NomogramLayout
{
    public const double Width = 1000;

    /// <summary>7 points on A4 paper.</summary>
    public const double Font = 13;
    public const double LabelLine = 14.5;
    private const double LabelEms = 18;
    private const double TickLine = 13;
    public const double LabelRight = 262;
    public const double Left = 280;
    public const double Right = 975;
    private const double Gap = 5;
    private readonly NomogramGeometry geometry;

    public NomogramLayout(NomogramGeometry geometry, Prediction? prediction, string language)
    {
        this.geometry = geometry;
        Language = language;
        var y = 58.0;
        foreach (var axis in geometry.Axes)
        {
            var row = new Row { Axis = axis };
            Place(row, language);
            row.Labels = NomogramSvg.Wrap(axis.Label.In(language) + (axis.Unit is { } unit ? $" ({NomogramWords.Unit(unit, language)})" : ""), LabelEms);
            var half = ((row.Labels.Count * LabelLine) / 2) + 2;
            y += Math.Max(half, 17 + (row.LinesAbove * TickLine));
            row.Y = y;
            y += Math.Max(half, 16 + (row.LinesBelow * TickLine));
            if (axis.Kind == "total") { TotalY = row.Y; }
            if (axis.Kind is "points" or "rate") { PointsY = row.Y; }
            Rows.Add(row);
        }
        Height = y + 34;
        if (prediction is not null) { Mark(prediction); }
    }

    public string Language { get; }
    public double Height { get; }
    public double PointsY { get; }
    public double TotalY { get; }
    public List<Row> Rows { get; } = [];

    /// <summary>Total of the patient, as x, when there is one.</summary>
    public double? TotalX { get; private set; }

    /// <summary>Position of <paramref name="points"/> on an axis of <paramref name="kind"/>.</summary>
    public double X(string kind, double points)
    {
        var (from, to) = kind is "points" or "factor" ? (geometry.Least, geometry.Most) : (geometry.TotalFrom, geometry.TotalTo);
        return Left + ((Right - Left) * (points - from) / (to - from));
    }

    /// <summary>Base line of a tick's text.</summary>
    public static double TextY(Row row, Word word) => word.Above ? row.Y - 7 - (word.Line * TickLine) : row.Y + 16 + (word.Line * TickLine);

    private void Mark(Prediction prediction)
    {
        foreach (var point in prediction.Points)
        {
            var first = point.Factor.Split(" * ")[0];
            var row = Rows.Find(r => r.Axis.Kind == "factor" && r.Axis.Factor == first && r.Axis.Line == point.Line);
            if (row is null) { continue; }
            row.MarkX = X("factor", point.Points);
            row.MarkText = point.ValueLabel?.In(Language) ?? point.Value ?? "";
            row.MarkPoints = point.Points;
            row.MarkAssumed = point.Status == "average";
        }
        if (prediction is { Family: "rate", Band: { } band, Probability: { } rate })
        {
            var row = Rows.Find(r => r.Axis.Kind == "stratum" && r.Axis.Label == band);
            if (row is not null)
            {
                row.MarkX = X("stratum", 100 * rate);
                row.MarkPoints = 100 * rate;
                row.MarkText = band.In(Language);
            }
        }
        if (prediction.TotalPoints is { } total) { TotalX = X("total", total); }
    }

    // Words on each side are kept apart: those that would overlap go to a further line (levels) or are left out (numbers).
    private void Place(Row row, string language)
    {
        var axis = row.Axis;
        var levels = axis.Kind == "factor" && axis.Ticks.All(t => t.Value is null);
        foreach (var above in new[] { true, false })
        {
            var ends = new List<double>();
            var mine = Enumerable.Range(0, axis.Ticks.Count).Where(i => (i < axis.Above.Count && axis.Above[i]) == above).OrderBy(i => axis.Ticks[i].Position).ThenBy(i => i);
            foreach (var i in mine)
            {
                var text = axis.Ticks[i].Text.In(language);
                var x = X(axis.Kind, axis.Ticks[i].Position);
                var half = TextWidth.Em(text) * (Font - 1) / 2;
                var centre = Math.Clamp(x, Math.Min(Left - 12 + half, Right), Math.Max(Right + 18 - half, Left));
                var line = ends.FindIndex(end => centre - half > end + Gap);
                if (line < 0)
                {
                    if (!levels && ends.Count > 0)
                    {
                        row.Words.Add(new(i, x, x, -1, above, ""));
                        continue;
                    }
                    line = ends.Count;
                    ends.Add(0);
                }
                ends[line] = centre + half;
                row.Words.Add(new(i, x, centre, line, above, text));
            }
            if (above) { row.LinesAbove = ends.Count; }
            else { row.LinesBelow = ends.Count; }
        }
        row.Words.Sort(static (a, b) => a.Tick.CompareTo(b.Tick));
    }

    /// <summary>One axis on the page.</summary>
    internal sealed class Row
    {
        public required NomogramAxis Axis { get; init; }

        /// <summary>The axis's label, in lines that fit left of the picture.</summary>
        public List<string> Labels { get; set; } = [];
        public double Y { get; set; }
        public int LinesAbove { get; set; }
        public int LinesBelow { get; set; }
        public List<Word> Words { get; } = [];
        public double? MarkX { get; set; }
        public double MarkPoints { get; set; }
        public string MarkText { get; set; } = "";

        /// <summary>The mark stands for a value that was not given.</summary>
        public bool MarkAssumed { get; set; }
    }

    /// <summary>A tick (at <paramref name="X"/>) and its text (around <paramref name="Centre"/>, on a line counted outwards; −1: no text).</summary>
    internal readonly record struct Word(int Tick, double X, double Centre, int Line, bool Above, string Text);
}
