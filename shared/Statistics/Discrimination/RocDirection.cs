namespace BoneMet.Statistics.Discrimination;

/// <summary>Which class scores higher.</summary>
public enum RocDirection
{
    /// <summary>Cases score higher than controls (pROC's "&lt;").</summary>
    CasesHigher,

    /// <summary>Cases score lower than controls (pROC's "&gt;").</summary>
    CasesLower,

    /// <summary>Cases count as higher unless their median is below that of the controls (pROC's "auto").</summary>
    ByMedian,
}
