using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Tables;

namespace BoneMet.Statistics.Missing;

/// <summary>Multiple imputation by chained equations.</summary>
/// <remarks>
/// van Buuren and Groothuis-Oudshoorn, J Stat Softw 2011;45(3). Numbers: predictive mean matching (type 1, drawn coefficients for the rows to
/// be filled). Two levels: Bayesian logistic regression. More levels: Bayesian polytomous regression. Every column predicts every other, so
/// the outcome must be among them. Holds when values are missing at random given the columns.
/// </remarks>
public static class ChainedEquations
{
    /// <summary>Fills the missing cells of <paramref name="table"/>'s numeric and categorical columns.</summary>
    /// <exception cref="ImputationException">A column has no value at all, or fewer complete rows than a model needs.</exception>
    public static ImputationResult Impute(Table table, ImputationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new();
        var columns = table.Columns.Where(c => c is NumericColumn or CategoricalColumn).ToArray();
        var imputed = new List<ImputedColumn>();
        foreach (var column in columns)
        {
            var missing = column.MissingCount;
            if (missing == table.Rows) { throw new ImputationException($"Column {column.Name} has no value at all; nothing can be filled in from it."); }
            if (missing == 0) { continue; }
            var levels = column is CategoricalColumn c ? c.LevelCounts().Count(count => count > 0) : 0;
            imputed.Add(new(column.Name, column is NumericColumn ? "pmm" : levels <= 2 ? "logreg" : "polyreg", missing));
        }
        var results = new Table[options.Imputations];
        var done = 0;
        Parallel.For(0, options.Imputations, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Threads <= 0 ? Environment.ProcessorCount : options.Threads }, m =>
        {
            results[m] = new ImputationChain(columns, options, new RandomStream(options.Seed, m)).Run(table, cancellation);
            options.Progress?.Report((double)Interlocked.Increment(ref done) / options.Imputations);
        });
        return new(results, imputed);
    }
}
