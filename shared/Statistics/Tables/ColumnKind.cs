namespace BoneMet.Statistics.Tables;

/// <summary>What the cells of a column hold.</summary>
public enum ColumnKind
{
    /// <summary>Numbers.</summary>
    Numeric,

    /// <summary>Levels of a factor.</summary>
    Categorical,

    /// <summary>Calendar dates: <c>2024-06-07</c>, <c>2024/06/07</c>, <c>07.06.2024</c>.</summary>
    Date,
}
