using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Reports;

/// <summary>Axes of a plot: maps values to positions, draws grid, ticks and names.</summary>
internal sealed class PlotArea(Svg svg, double left, double top, double right, double bottom, (double Low, double High) x, (double Low, double High) y)
{
    public double X(double value) => left + ((value - x.Low) / (x.High - x.Low) * (right - left));

    public double Y(double value) => bottom - ((value - y.Low) / (y.High - y.Low) * (bottom - top));

    public PlotArea Frame(string nameX, string nameY, Func<double, string> labelX, Func<double, string> labelY, int ticks = 5)
    {
        foreach (var tick in PrettyAxis.Ticks(x.Low, x.High, ticks).Where(t => t >= x.Low - 1e-9 && t <= x.High + 1e-9))
        {
            svg.Line(X(tick), top, X(tick), bottom, Svg.Grid).Text(X(tick), bottom + 18, labelX(tick), "middle", 11, Svg.Muted);
        }
        foreach (var tick in PrettyAxis.Ticks(y.Low, y.High, ticks).Where(t => t >= y.Low - 1e-9 && t <= y.High + 1e-9))
        {
            svg.Line(left, Y(tick), right, Y(tick), Svg.Grid).Text(left - 8, Y(tick) + 4, labelY(tick), "end", 11, Svg.Muted);
        }
        svg.Line(left, bottom, right, bottom).Line(left, top, left, bottom)
            .Text((left + right) / 2, bottom + 38, nameX, "middle").Text(left - 46, (top + bottom) / 2, nameY, "middle", rotate: -90);
        return this;
    }
}
