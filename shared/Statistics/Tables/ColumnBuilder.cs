using System.Text;

namespace BoneMet.Statistics.Tables;

/// <summary>Fills one column in the second pass.</summary>
internal abstract class ColumnBuilder(ColumnPlan plan, RejectionList rejections)
{
    protected ColumnPlan Plan { get; } = plan;

    protected RejectionList Rejections { get; } = rejections;

    public string Name => Plan.Name;

    public static ColumnBuilder For(ColumnPlan plan, int rows, TableReaderOptions options, RejectionList rejections) => plan.Kind switch
    {
        ColumnKind.Numeric => new NumericBuilder(plan, rows, options.StrictColumns?.Contains(plan.Name) == true || options.StrictColumns?.Contains(plan.Header) == true, rejections),
        ColumnKind.Date => new DateBuilder(plan, rows, rejections),
        _ => new CategoricalBuilder(plan, rows, options.StrictColumns?.Contains(plan.Name) == true, rejections),
    };

    public abstract void Add(ReadOnlySpan<byte> cell, int row);

    public abstract void AddMissing();

    /// <summary>The finished column; null when it holds identifiers rather than levels.</summary>
    public abstract Column? Build();

    protected void Reject(ReadOnlySpan<byte> cell, int row, string reason)
    {
        Rejections.Add(row, Name, Encoding.UTF8.GetString(cell), reason);
        AddMissing();
    }
}
