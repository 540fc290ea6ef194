using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Discrimination;

/// <summary>A receiver operating characteristic: how well a score tells cases (1) from controls (0).</summary>
/// <remarks>Area: Mann–Whitney with ties counted ½ (Hanley and McNeil 1982). Variance: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837, by ranks
/// (Sun and Xu 2014). Thresholds and directions as <c>pROC</c> 1.18 defines them.</remarks>
public sealed class Roc
{
    private readonly double[] _placeCases;
    private readonly double[] _placeControls;
    private readonly double[] _thresholds;
    private readonly int[] _truePositives;
    private readonly int[] _falsePositives;

    private Roc(double area, RocDirection direction, double[] placeCases, double[] placeControls, double[] thresholds, int[] truePositives, int[] falsePositives)
    {
        (Area, Direction, _placeCases, _placeControls, _thresholds, _truePositives, _falsePositives) = (area, direction, placeCases, placeControls, thresholds, truePositives, falsePositives);
        Variance = SampleVariance(placeCases, area) / Cases + (SampleVariance(placeControls, area) / Controls);
    }

    /// <summary>Area under the curve.</summary>
    public double Area { get; }

    /// <summary>Direction used (never <see cref="RocDirection.ByMedian"/>).</summary>
    public RocDirection Direction { get; }

    /// <summary>Number of cases.</summary>
    public int Cases => _placeCases.Length;

    /// <summary>Number of controls.</summary>
    public int Controls => _placeControls.Length;

    /// <summary>DeLong variance of the area; NaN with fewer than two cases or controls.</summary>
    public double Variance { get; }

    /// <summary>Pairs of a case and a control with equal scores.</summary>
    public long TiedPairs
    {
        get
        {
            long tied = 0;
            for (var i = 1; i < _truePositives.Length; i++) { tied += (long)(_truePositives[i - 1] - _truePositives[i]) * (_falsePositives[i - 1] - _falsePositives[i]); }
            return tied;
        }
    }

    /// <summary>Points of the curve by ascending threshold: from everything positive to nothing positive.</summary>
    public IReadOnlyList<RocPoint> Points => [.. Enumerable.Range(0, _thresholds.Length).Select(PointAt)];

    /// <summary>Measures a score against an outcome.</summary>
    /// <param name="scores">One finite score per subject.</param>
    /// <param name="outcome">0 (control) or 1 (case) per subject.</param>
    /// <param name="direction">Which class scores higher.</param>
    /// <exception cref="StatisticsException">No rows, one class only, a missing score, or an outcome other than 0 and 1.</exception>
    public static Roc Of(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcome, RocDirection direction = RocDirection.CasesHigher)
    {
        var (cases, controls) = Check(scores, outcome);
        if (direction == RocDirection.ByMedian) { direction = ByMedian(scores, outcome, cases); }
        var n = scores.Length;
        double[]? flipped = null;
        if (direction == RocDirection.CasesLower)
        {
            flipped = new double[n];
            for (var i = 0; i < n; i++) { flipped[i] = -scores[i]; }
        }
        var values = flipped is null ? scores : flipped;
        var order = RankSort.Order(values);
        var caseNumber = new int[n];
        for (int i = 0, a = 0, b = 0; i < n; i++) { caseNumber[i] = outcome[i] == 1 ? a++ : b++; }
        var placeCases = new double[cases];
        var placeControls = new double[controls];
        var thresholds = new double[n + 1];
        var truePositives = new int[n + 1];
        var falsePositives = new int[n + 1];
        var points = 0;
        var previous = double.NegativeInfinity;
        long casesBelow = 0, controlsBelow = 0;
        double area = 0, perCase = 1.0 / cases, perControl = 1.0 / controls;
        for (var start = 0; start < n;)
        {
            var value = values[order[start]];
            int end = start, casesHere = 0;
            while (end < n && values[order[end]] == value) { casesHere += outcome[order[end]] == 1 ? 1 : 0; end++; }
            var controlsHere = end - start - casesHere;
            thresholds[points] = start == 0 ? double.NegativeInfinity : Middle(previous, value);
            truePositives[points] = cases - (int)casesBelow;
            falsePositives[points] = controls - (int)controlsBelow;
            points++;
            var caseShare = (controlsBelow + (0.5 * controlsHere)) * perControl;
            var controlShare = (cases - casesBelow - (0.5 * casesHere)) * perCase;
            for (var i = start; i < end; i++)
            {
                var row = order[i];
                if (outcome[row] == 1) { placeCases[caseNumber[row]] = caseShare; } else { placeControls[caseNumber[row]] = controlShare; }
            }
            area += casesHere * (controlsBelow + (0.5 * controlsHere));
            casesBelow += casesHere;
            controlsBelow += controlsHere;
            previous = value;
            start = end;
        }
        thresholds[points] = double.PositiveInfinity;
        points++;
        Array.Resize(ref thresholds, points);
        Array.Resize(ref truePositives, points);
        Array.Resize(ref falsePositives, points);
        if (flipped is not null) { for (var i = 0; i < points; i++) { thresholds[i] = -thresholds[i]; } }
        return new Roc(area / ((double)cases * controls), direction, placeCases, placeControls, thresholds, truePositives, falsePositives);
    }

    /// <summary>The area alone, cases scoring higher.</summary>
    /// <exception cref="StatisticsException">As <see cref="Of"/>.</exception>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcome)
    {
        var (cases, controls) = Check(scores, outcome);
        var order = RankSort.Order(scores);
        double area = 0;
        long controlsBelow = 0;
        for (var start = 0; start < order.Length;)
        {
            var value = scores[order[start]];
            int end = start, casesHere = 0;
            while (end < order.Length && scores[order[end]] == value) { casesHere += outcome[order[end]] == 1 ? 1 : 0; end++; }
            var controlsHere = end - start - casesHere;
            area += casesHere * (controlsBelow + (0.5 * controlsHere));
            controlsBelow += controlsHere;
            start = end;
        }
        return area / ((double)cases * controls);
    }

    /// <summary>DeLong interval: area ± z √variance, cut to [0, 1] as <c>pROC::ci.auc</c> does.</summary>
    public (double Low, double High) Interval(double level = 0.95)
    {
        var half = Normal.Quantile(0.5 + (level / 2)) * Math.Sqrt(Variance);
        return (Math.Max(0, Area - half), Math.Min(1, Area + half));
    }

    /// <summary>DeLong covariance of two areas measured on the same subjects in the same order.</summary>
    /// <exception cref="StatisticsException">The curves are of different numbers of cases or controls.</exception>
    public double Covariance(Roc other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Cases != Cases || other.Controls != Controls) { throw new StatisticsException("shape", "The paired DeLong test needs both scores of the same subjects."); }
        return (SampleCovariance(_placeCases, Area, other._placeCases, other.Area) / Cases) + (SampleCovariance(_placeControls, Area, other._placeControls, other.Area) / Controls);
    }

    /// <summary>Paired DeLong test: Z = (A₁ − A₂)/√(V₁ + V₂ − 2C).</summary>
    public static DeLongTest Paired(Roc first, Roc second, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var difference = first.Area - second.Area;
        var variance = first.Variance + second.Variance - (2 * first.Covariance(second));
        var se = Math.Sqrt(Math.Max(0, variance));
        var z = difference == 0 ? 0 : difference / se;
        var half = Normal.Quantile(0.5 + (level / 2)) * se;
        return new DeLongTest(first.Area, second.Area, z, double.PositiveInfinity, Normal.TwoSided(z), difference - half, difference + half);
    }

    /// <summary>Unpaired DeLong test: D = (A₁ − A₂)/√(V₁ + V₂) against t with Welch–Satterthwaite degrees of freedom (<c>pROC::roc.test(paired = FALSE)</c>).</summary>
    public static DeLongTest Unpaired(Roc first, Roc second, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var difference = first.Area - second.Area;
        double v1 = first.Variance, v2 = second.Variance;
        var se = Math.Sqrt(v1 + v2);
        var df = (v1 + v2) * (v1 + v2) / ((v1 * v1 / (first.Cases + first.Controls - 1)) + (v2 * v2 / (second.Cases + second.Controls - 1)));
        var d = difference == 0 ? 0 : difference / se;
        var half = StudentT.Quantile(0.5 + (level / 2), df) * se;
        return new DeLongTest(first.Area, second.Area, d, df, StudentT.TwoSided(d, df), difference - half, difference + half);
    }

    /// <summary>Area over a range of specificity by trapezoids with interpolated ends (<c>pROC::auc(partial.auc = c(high, low))</c>).</summary>
    /// <param name="lowSpecificity">Lower end, for instance 0.9.</param>
    /// <param name="highSpecificity">Upper end, for instance 1.</param>
    public double PartialArea(double lowSpecificity, double highSpecificity) => Partial(lowSpecificity, highSpecificity, specificity: true);

    /// <summary>Area over a range of sensitivity (<c>partial.auc.focus = "sensitivity"</c>).</summary>
    public double PartialAreaOfSensitivity(double lowSensitivity, double highSensitivity) => Partial(lowSensitivity, highSensitivity, specificity: false);

    /// <summary>McClish's standardisation of a partial area to 0.5 (chance) … 1 (perfect): ½ (1 + (pAUC − min)/(max − min)).</summary>
    /// <remarks>McClish 1989, Medical Decision Making 9:190.</remarks>
    public static double Standardised(double partialArea, double low, double high)
    {
        var max = high - low;
        var min = ((1 - low) * (1 - low) / 2) - ((1 - high) * (1 - high) / 2);
        return (1 + ((partialArea - min) / (max - min))) / 2;
    }

    /// <summary>Points that maximise sensitivity + specificity (Youden 1950); all of them where several tie.</summary>
    public IReadOnlyList<RocPoint> Youden()
    {
        var best = long.MinValue;
        var found = new List<RocPoint>();
        for (var i = 0; i < _thresholds.Length; i++)
        {
            var score = ((long)_truePositives[i] * Controls) - ((long)_falsePositives[i] * Cases);
            if (score < best) { continue; }
            if (score > best) { found.Clear(); best = score; }
            found.Add(PointAt(i));
        }
        return found;
    }

    /// <summary>Among the points of at least this sensitivity, the one of highest specificity.</summary>
    public RocPoint AtSensitivity(double sensitivity)
    {
        var found = PointAt(0);
        for (var i = 0; i < _thresholds.Length; i++)
        {
            var point = PointAt(i);
            if (point.Sensitivity >= sensitivity && point.FalsePositives <= found.FalsePositives) { found = point; }
        }
        return found;
    }

    /// <summary>Among the points of at least this specificity, the one of highest sensitivity.</summary>
    public RocPoint AtSpecificity(double specificity)
    {
        var found = PointAt(_thresholds.Length - 1);
        for (var i = _thresholds.Length - 1; i >= 0; i--)
        {
            var point = PointAt(i);
            if (point.Specificity >= specificity && point.TruePositives >= found.TruePositives) { found = point; }
        }
        return found;
    }

    /// <summary>The 2 × 2 table at a threshold: positive means score ≥ threshold (≤ where cases score lower).</summary>
    public RocPoint At(double threshold)
    {
        // Point i holds what is positive from its midpoint threshold on, that is, scores beyond the i smallest.
        var index = 0;
        while (index < _thresholds.Length - 1 && (Direction == RocDirection.CasesHigher ? _thresholds[index + 1] < threshold : _thresholds[index + 1] > threshold)) { index++; }
        return PointAt(index) with { Threshold = threshold };
    }

    private RocPoint PointAt(int index) => new(_thresholds[index], _truePositives[index], _falsePositives[index], Cases, Controls);

    private double Partial(double low, double high, bool specificity)
    {
        if (!(low >= 0 && high <= 1 && low < high)) { throw new StatisticsException("range", $"A partial area needs 0 ≤ low < high ≤ 1, not {low} to {high}."); }
        var n = _thresholds.Length;
        var x = new double[n];
        var y = new double[n];
        for (var i = 0; i < n; i++)
        {
            var point = PointAt(specificity ? i : n - 1 - i);
            (x[i], y[i]) = specificity ? (point.Specificity, point.Sensitivity) : (point.Sensitivity, point.Specificity);
        }
        var area = 0.0;
        for (var i = 1; i < n; i++)
        {
            double a = Math.Max(x[i - 1], low), b = Math.Min(x[i], high);
            if (!(b > a)) { continue; }
            var slope = (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
            area += (b - a) * (y[i - 1] + (slope * (((a + b) / 2) - x[i - 1])));
        }
        return area;
    }

    private static (int Cases, int Controls) Check(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcome)
    {
        if (scores.Length != outcome.Length) { throw new StatisticsException("shape", $"{scores.Length} scores were given for {outcome.Length} outcomes."); }
        if (scores.Length == 0) { throw new StatisticsException("no-rows", "There are no rows: a ROC curve cannot be drawn."); }
        var cases = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i])) { throw new StatisticsException("not-a-number", $"The score of row {i + 1} is missing (NaN)."); }
            if (outcome[i] is not (0.0 or 1.0)) { throw new StatisticsException("not-binary", $"The outcome of row {i + 1} is {outcome[i]}; it must be 0 or 1."); }
            cases += (int)outcome[i];
        }
        if (cases == 0 || cases == scores.Length) { throw new StatisticsException("one-class", $"All {scores.Length} outcomes are {(cases == 0 ? 0 : 1)}: a ROC curve needs both classes."); }
        return (cases, scores.Length - cases);
    }

    private static RocDirection ByMedian(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcome, int cases)
    {
        var ofCases = new double[cases];
        var ofControls = new double[scores.Length - cases];
        for (int i = 0, a = 0, b = 0; i < scores.Length; i++) { if (outcome[i] == 1) { ofCases[a++] = scores[i]; } else { ofControls[b++] = scores[i]; } }
        return Tests.Descriptive.Median(ofControls) > Tests.Descriptive.Median(ofCases) ? RocDirection.CasesLower : RocDirection.CasesHigher;
    }

    private static double Middle(double a, double b)
    {
        var middle = (a + b) / 2;
        return middle == b ? a : middle;
    }

    private static double SampleVariance(double[] values, double mean) => SampleCovariance(values, mean, values, mean);

    private static double SampleCovariance(double[] a, double meanA, double[] b, double meanB)
    {
        if (a.Length < 2) { return double.NaN; }
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) { sum += (a[i] - meanA) * (b[i] - meanB); }
        return sum / (a.Length - 1);
    }
}
