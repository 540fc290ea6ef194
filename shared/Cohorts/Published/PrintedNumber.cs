using System.Globalization;
using System.Text.RegularExpressions;

namespace BoneMet.Cohorts.Published;

/// <summary>A number as printed, with the half unit of its last digit: the true value lies within.</summary>
/// <param name="Value">Number.</param>
/// <param name="Half">Half a unit of the last printed digit.</param>
internal sealed partial record PrintedNumber(double Value, double Half)
{
    public double Low => Value - Half;

    public double High => Value + Half;

    /// <summary>All numbers of a cell: <c>46,496 (47.8)</c> holds two, <c>1.24 (1.15–1.34)</c> three. Thousands separators are taken out.</summary>
    public static PrintedNumber[] All(string text) =>
        [.. Number().Matches(Thousands().Replace(text, "$1").Replace('−', '-')).Select(match =>
        {
            var point = match.Value.IndexOf('.', StringComparison.Ordinal);
            var decimals = point < 0 ? 0 : match.Value.Length - point - 1;
            return new PrintedNumber(double.Parse(match.Value, CultureInfo.InvariantCulture), 0.5 * Math.Pow(10, -decimals));
        })];

    [GeneratedRegex(@"\d+(?:\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"(\d)[,\u2009\u00a0 ](?=\d{3}(?!\d))")]
    private static partial Regex Thousands();
}
